package dev.fieldproof.ota.identity;

import java.security.cert.X509Certificate;

/** How a device's provisioning ended. */
public sealed interface ProvisioningResult {
    /**
     * The device has its own identity, durably.
     *
     * @param thingName the name it was given
     * @param certificate of the device's own key
     */
    record Provisioned(String thingName, X509Certificate certificate) implements ProvisioningResult {}

    /**
     * The service said no; trying again without a change is of no use.
     *
     * @param statusCode as in HTTP
     * @param errorCode for programs
     * @param errorMessage for people
     */
    record Rejected(int statusCode, String errorCode, String errorMessage) implements ProvisioningResult {}

    /**
     * No answer came in time; the same device may try again at any time and gets the same identity.
     *
     * @param attempts how many requests were sent
     */
    record NoAnswer(int attempts) implements ProvisioningResult {}
}
