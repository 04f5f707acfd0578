/**
 * Provisioning by claim: a device with a generic identity gets its own, exactly once, whatever is lost on the way; on
 * the topics and payloads of AWS IoT fleet provisioning, device side and service side.
 */
package dev.fieldproof.ota.identity;
