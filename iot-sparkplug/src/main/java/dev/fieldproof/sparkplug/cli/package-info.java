/** The command line of this module: a thin shell over its public packages; not exported. */
package dev.fieldproof.sparkplug.cli;
