package dev.fieldproof.ota.site;

import java.time.Duration;

/**
 * What a site's server allows. Immutable.
 *
 * @param admission how devices show who they are
 * @param pollEvery how often devices are told to ask, at least a second
 * @param requestsPerMinute most requests of one address in a minute, at least 1
 * @param maxDownloads most artifacts that are sent at the same time, at least 1; who comes beyond it is told to try
 * again
 * @param bodyWithin how long the body of a request may take to arrive, 1 millisecond to 20 seconds
 * @param plainBeyondLoopback whether plain HTTP may be served to other machines, where everyone on the way can read the
 * tokens
 */
public record SiteSettings(
        Admission admission,
        Duration pollEvery,
        int requestsPerMinute,
        int maxDownloads,
        Duration bodyWithin,
        boolean plainBeyondLoopback) {
    /**
     * Tokens or certificates, every 30 seconds, 6,000 requests a minute, 256 downloads, bodies within 10 seconds, and
     * no plain HTTP but on the loopback interface.
     */
    public static final SiteSettings DEFAULT =
            new SiteSettings(Admission.EITHER, Duration.ofSeconds(30), 6000, 256, Duration.ofSeconds(10), false);

    private static final long MAX_BODY_MILLIS = 20_000;

    /** How devices show who they are. */
    public enum Admission {
        /** By a token of their own. */
        TOKEN,
        /** By a certificate whose common name is the device's id. */
        CERTIFICATE,
        /** By a certificate if they have one, else by a token. */
        EITHER
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public SiteSettings {
        boolean arrives = bodyWithin.toMillis() >= 1 && bodyWithin.toMillis() <= MAX_BODY_MILLIS;
        if (pollEvery.toSeconds() < 1 || requestsPerMinute < 1 || maxDownloads < 1 || !arrives) {
            throw new IllegalArgumentException("polls every " + pollEvery + ", " + requestsPerMinute
                    + " requests a minute, " + maxDownloads + " downloads, bodies within " + bodyWithin);
        }
    }

    /**
     * The same with another limit of requests.
     *
     * @param perMinute most requests of one address in a minute, at least 1
     * @return a copy
     */
    public SiteSettings withRequestsPerMinute(int perMinute) {
        return new SiteSettings(admission, pollEvery, perMinute, maxDownloads, bodyWithin, plainBeyondLoopback);
    }

    /**
     * The same with another interval.
     *
     * @param every how often devices are told to ask, at least a second
     * @return a copy
     */
    public SiteSettings withPollEvery(Duration every) {
        return new SiteSettings(admission, every, requestsPerMinute, maxDownloads, bodyWithin, plainBeyondLoopback);
    }

    /**
     * The same with another admission.
     *
     * @param how devices show who they are
     * @return a copy
     */
    public SiteSettings withAdmission(Admission how) {
        return new SiteSettings(how, pollEvery, requestsPerMinute, maxDownloads, bodyWithin, plainBeyondLoopback);
    }

    /**
     * The same with another time for bodies.
     *
     * @param within how long the body of a request may take to arrive, 1 millisecond to 20 seconds
     * @return a copy
     */
    public SiteSettings withBodyWithin(Duration within) {
        return new SiteSettings(admission, pollEvery, requestsPerMinute, maxDownloads, within, plainBeyondLoopback);
    }

    /**
     * The same with plain HTTP to other machines, or without.
     *
     * @param allowed whether everyone on the way may read the tokens
     * @return a copy
     */
    public SiteSettings withPlainBeyondLoopback(boolean allowed) {
        return new SiteSettings(admission, pollEvery, requestsPerMinute, maxDownloads, bodyWithin, allowed);
    }
}
