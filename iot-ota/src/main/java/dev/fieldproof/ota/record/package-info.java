/** Records in tables, changed in transactions: what the provisioning service and the control node keep. */
package dev.fieldproof.ota.record;
