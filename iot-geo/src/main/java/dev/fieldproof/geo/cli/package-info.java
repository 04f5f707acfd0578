/** The command line over the public API; not exported. */
package dev.fieldproof.geo.cli;
