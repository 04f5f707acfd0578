/** The command line: a thin shell over the public classes. */
package dev.fieldproof.serial.cli;
