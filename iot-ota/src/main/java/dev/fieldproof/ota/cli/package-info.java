/** The command line of iot-ota: a thin shell over the public packages. */
@org.jspecify.annotations.NullMarked
package dev.fieldproof.ota.cli;
