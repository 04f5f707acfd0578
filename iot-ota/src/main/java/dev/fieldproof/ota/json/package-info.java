/** A small JSON reader and writer with a stated budget, for metadata and messages; not exported. */
package dev.fieldproof.ota.json;
