package dev.fieldproof.ota.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the holders of one claim may do: a template that names and configures things, and limits on how many, how fast,
 * how long, and who. Immutable.
 *
 * @param claim the claim's id, such as the SHA-256 of the claim certificate; quota, rate and revocation go by it
 * @param template the template's name
 * @param thingName the thing's name, with parameters as <code>${NAME}</code>; must contain <code>${SerialNumber}</code>
 * @param deviceConfiguration handed to every device, with parameters as in the name
 * @param certificateValidity how long device certificates last
 * @param quota most things under this claim, at least 1
 * @param certificatesPerHour most certificates issued in an hour, at least 1
 * @param notAfter when the claim ends
 * @param replacement what becomes of a serial number that has a certificate and asks with another
 * @param hook the pre-provisioning hook: says why a device is refused, or nothing
 */
public record ClaimPolicy(
        String claim,
        String template,
        String thingName,
        Map<String, String> deviceConfiguration,
        Duration certificateValidity,
        int quota,
        int certificatesPerHour,
        Instant notAfter,
        Replacement replacement,
        PreProvisioningHook hook) {
    /** The parameter that every template has. */
    public static final String SERIAL_NUMBER = "SerialNumber";

    private static final Pattern PARAMETER = Pattern.compile("\\$\\{([A-Za-z0-9_.-]{1,64})}");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range, or the name lacks the serial number
     */
    public ClaimPolicy {
        deviceConfiguration = Map.copyOf(deviceConfiguration);
        if (quota < 1 || certificatesPerHour < 1) {
            throw new IllegalArgumentException("a quota of " + quota + ", " + certificatesPerHour + " per hour");
        }
        if (!thingName.contains("${" + SERIAL_NUMBER + "}")) {
            throw new IllegalArgumentException("without ${SerialNumber} two things could have the name " + thingName);
        }
    }

    /**
     * A policy with a prefix as its naming rule, without limits on rate and time, that lets a new key replace the old.
     *
     * @param template the template's name, and the claim's id
     * @param thingPrefix put before the serial number to make the thing's name
     * @param certificateValidity how long device certificates last
     * @param quota most things under this claim
     * @param hook the pre-provisioning hook
     */
    public ClaimPolicy(
            String template, String thingPrefix, Duration certificateValidity, int quota, PreProvisioningHook hook) {
        this(
                template,
                template,
                thingPrefix + "${" + SERIAL_NUMBER + "}",
                Map.of(),
                certificateValidity,
                quota,
                Integer.MAX_VALUE,
                Instant.MAX,
                Replacement.ALLOWED,
                hook);
    }

    /** What becomes of a known serial number that asks with another key. */
    public enum Replacement {
        /** The new certificate replaces the old, which is revoked. */
        ALLOWED,
        /** Only who proves to have the old key; everyone else is refused. */
        WITH_PROOF
    }

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

    /**
     * Fills parameters into a text of the template.
     *
     * @param text with parameters as <code>${NAME}</code>
     * @param parameters of the request
     * @return the text; empty if a parameter is missing
     */
    static Optional<String> fill(String text, Map<String, String> parameters) {
        Matcher matcher = PARAMETER.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = parameters.get(matcher.group(1));
            if (value == null) {
                return Optional.empty();
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return Optional.of(matcher.appendTail(out).toString());
    }
}
