/** The on-site control node: keeps verified artifacts close to the devices, and gates waves without the cloud. */
package dev.fieldproof.ota.site;
