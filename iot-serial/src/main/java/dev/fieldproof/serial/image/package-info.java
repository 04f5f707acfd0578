/** What lies in the flash of an ESP chip: application images, the partition table, the OTA selection. */
package dev.fieldproof.serial.image;
