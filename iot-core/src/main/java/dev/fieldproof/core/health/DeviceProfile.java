package dev.fieldproof.core.health;

import java.time.Duration;
import java.util.Optional;

/**
 * What a device promises and where it stands.
 *
 * @param deviceId its name, unique in the fleet
 * @param gatewayId what it talks through, if anything
 * @param site where it is, empty if unknown
 * @param cohort what it has in common with others, such as firmware and hardware version; empty if unknown
 * @param period between beats, 100 ms to 11 days
 */
public record DeviceProfile(String deviceId, Optional<String> gatewayId, String site, String cohort, Duration period) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the id is empty or the period out of range
     */
    public DeviceProfile {
        if (deviceId.isEmpty()
                || period.compareTo(Duration.ofMillis(100)) < 0
                || period.compareTo(Duration.ofDays(11)) > 0) {
            throw new IllegalArgumentException("device '" + deviceId + "' with period " + period);
        }
    }

    /**
     * A device of which only the rhythm is known.
     *
     * @param deviceId its name
     * @param period between beats
     * @return the profile
     */
    public static DeviceProfile of(String deviceId, Duration period) {
        return new DeviceProfile(deviceId, Optional.empty(), "", "", period);
    }

    /**
     * The same device behind a gateway.
     *
     * @param gateway its name
     * @return changed profile
     */
    public DeviceProfile behind(String gateway) {
        return new DeviceProfile(deviceId, Optional.of(gateway), site, cohort, period);
    }

    /**
     * The same device at a site.
     *
     * @param name of the site
     * @return changed profile
     */
    public DeviceProfile at(String name) {
        return new DeviceProfile(deviceId, gatewayId, name, cohort, period);
    }

    /**
     * The same device in a cohort.
     *
     * @param name of the cohort
     * @return changed profile
     */
    public DeviceProfile in(String name) {
        return new DeviceProfile(deviceId, gatewayId, site, name, period);
    }
}
