/** Decimal numbers as bytes, read and written without detours through strings; not exported. */
package dev.fieldproof.geo.text;
