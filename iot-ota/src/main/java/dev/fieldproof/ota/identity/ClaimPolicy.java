package dev.fieldproof.ota.identity;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a template allows.
 *
 * @param template its name
 * @param thingPrefix put before the serial number to make the thing's name
 * @param certificateValidity how long device certificates last
 * @param quota most things under this template
 * @param hook the pre-provisioning hook: says why a device is refused, or nothing
 */
public record ClaimPolicy(
        String template, String thingPrefix, Duration certificateValidity, int quota, PreProvisioningHook hook) {
    /** Decides whether a device may be provisioned. */
    @FunctionalInterface
    public interface PreProvisioningHook {
        /**
         * Looks at a request.
         *
         * @param parameters of the request; {@code SerialNumber} is there
         * @return why it is refused; empty to go on
         */
        Optional<String> reasonToRefuse(Map<String, String> parameters);
    }
}
