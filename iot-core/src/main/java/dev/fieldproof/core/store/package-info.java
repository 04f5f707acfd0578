/** Firmware images, patches and other artifacts, addressed by what they contain. */
package dev.fieldproof.core.store;
