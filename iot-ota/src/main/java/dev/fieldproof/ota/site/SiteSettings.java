package dev.fieldproof.ota.site;

import java.time.Duration;

/**
 * What a site's server allows. Immutable.
 *
 * @param admission how devices show who they are
 * @param pollEvery how often devices are told to ask, at least a second
 * @param requestsPerMinute most requests of one address in a minute, at least 1
 * @param maxDownloads most artifacts that are sent at the same time, at least 1; whoever comes beyond is told to try
 *     again
 */
public record SiteSettings(Admission admission, Duration pollEvery, int requestsPerMinute, int maxDownloads) {
    /** Tokens or certificates, every 30 seconds, 6,000 requests a minute, 256 downloads. */
    public static final SiteSettings DEFAULT = new SiteSettings(Admission.EITHER, Duration.ofSeconds(30), 6000, 256);

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
        if (pollEvery.toSeconds() < 1 || requestsPerMinute < 1 || maxDownloads < 1) {
            throw new IllegalArgumentException("polls every " + pollEvery + ", " + requestsPerMinute
                    + " requests a minute, " + maxDownloads + " downloads");
        }
    }

    /**
     * The same with another limit of requests.
     *
     * @param perMinute most requests of one address in a minute, at least 1
     * @return a copy
     */
    public SiteSettings withRequestsPerMinute(int perMinute) {
        return new SiteSettings(admission, pollEvery, perMinute, maxDownloads);
    }

    /**
     * The same with another interval.
     *
     * @param every how often devices are told to ask, at least a second
     * @return a copy
     */
    public SiteSettings withPollEvery(Duration every) {
        return new SiteSettings(admission, every, requestsPerMinute, maxDownloads);
    }

    /**
     * The same with another admission.
     *
     * @param how devices show who they are
     * @return a copy
     */
    public SiteSettings withAdmission(Admission how) {
        return new SiteSettings(how, pollEvery, requestsPerMinute, maxDownloads);
    }
}
