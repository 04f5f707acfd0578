/**
 * The commands of the loaders in ESP chips, ROM and stub, and their replies, as the vendor's protocol document has
 * them.
 */
package dev.fieldproof.serial.rom;
