/** Self-contained HTML pages: no script, no external font, light, dark and print. */
package dev.fieldproof.benchmarks.page;
