package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What upstream lets a site decide for itself, and until when. It comes as a target of the upstream repository, so it
 * is signed by as many keys as that asks for, and cannot be rolled back. Immutable.
 *
 * @param version at least 1; a site takes none that is older than what it has
 * @param site whose it is
 * @param until when it ends, whether there is a link then or not
 * @param grants who may let what go to how many; at most {@value #MAX_GRANTS}
 */
public record SitePolicy(long version, String site, Instant until, List<Grant> grants) {
    /** Most grants of a policy. */
    public static final int MAX_GRANTS = 1000;
    /** Largest policy, as JSON. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final String ANYBODY = "*";

    /**
     * What one person, or everybody, may approve.
     *
     * @param who an operator's name, or {@code *} for every approver
     * @param targets which targets: a path in which each {@code *} stands for any characters
     * @param maxDevices how many devices of one rollout may have it by their approval, at least 1
     */
    public record Grant(String who, String targets, int maxDevices) {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the number is out of range
         */
        public Grant {
            if (maxDevices < 1) {
                throw new IllegalArgumentException("a grant for " + maxDevices + " devices");
            }
        }

        private boolean covers(String name, String target) {
            return (name.isEmpty() || who.equals(ANYBODY) || who.equals(name)) && matches(targets, target);
        }
    }

    /**
     * Copies the grants.
     *
     * @throws IllegalArgumentException if the version is below 1, the site has no name, or there are too many grants
     */
    public SitePolicy {
        grants = List.copyOf(grants);
        if (version < 1 || site.isEmpty() || grants.size() > MAX_GRANTS) {
            throw new IllegalArgumentException(
                    "version " + version + " of a policy of '" + site + "' with " + grants.size() + " grants");
        }
    }

    /** Goes back to the last star only, so that no pattern takes more than quadratic time. */
    private static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int from = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                from = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /**
     * Whether the policy holds at a site now.
     *
     * @param atSite the site's name
     * @param now the time
     * @return granted, or which rule is broken
     */
    public Verdict holds(String atSite, Instant now) {
        if (!site.equals(atSite)) {
            return new Verdict.Refused(Verdict.Rule.OTHER_SITE, "the policy is of the site " + site);
        }
        if (!now.isBefore(until)) {
            return new Verdict.Refused(
                    Verdict.Rule.ENDED, "version " + version + " of the site's policy ended at " + until);
        }
        return new Verdict.Granted();
    }

    /**
     * Whether someone may let a target go to devices.
     *
     * @param atSite the site's name
     * @param who an operator's name, or empty for what began by itself, which needs a grant of anybody's
     * @param target the target's path
     * @param devices how many of the rollout's devices have it then
     * @param now the time
     * @return granted, or which rule is broken
     */
    public Verdict judge(String atSite, String who, String target, int devices, Instant now) {
        if (holds(atSite, now) instanceof Verdict.Refused refused) {
            return refused;
        }
        int most = grants.stream()
                .filter(grant -> grant.covers(who, target))
                .mapToInt(Grant::maxDevices)
                .max()
                .orElse(0);
        if (most == 0) {
            return new Verdict.Refused(Verdict.Rule.NOT_GRANTED, who + " may not let " + target + " go");
        }
        return devices <= most
                ? new Verdict.Granted()
                : new Verdict.Refused(
                        Verdict.Rule.TOO_MANY_DEVICES,
                        who + " may let " + target + " go to " + most + " devices, not to " + devices);
    }

    /**
     * Writes a policy, to be published as a target.
     *
     * @return JSON for {@link #parse}
     */
    public byte[] json() {
        List<JsonValue> all = new ArrayList<>();
        for (Grant grant : grants) {
            all.add(JsonObject.builder()
                    .put("who", grant.who())
                    .put("targets", grant.targets())
                    .put("maxDevices", grant.maxDevices())
                    .build());
        }
        return JsonObject.builder()
                .put("version", version)
                .put("site", site)
                .put("until", until.toString())
                .put("grants", new JsonValue.Array(all))
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a policy.
     *
     * @param json what {@link #json} wrote
     * @return the policy
     * @throws MalformedPolicyException if it is none
     */
    public static SitePolicy parse(byte[] json) throws MalformedPolicyException {
        try {
            JsonObject object = JsonReader.object(json);
            List<Grant> grants = new ArrayList<>();
            for (JsonObject grant : object.objects("grants")) {
                grants.add(new Grant(grant.text("who"), grant.text("targets"), (int)
                        Math.min(Integer.MAX_VALUE, grant.whole("maxDevices", 1))));
            }
            return new SitePolicy(
                    object.whole("version", 1), object.text("site"), Instant.parse(object.text("until")), grants);
        } catch (JsonException | DateTimeException | IllegalArgumentException e) {
            throw new MalformedPolicyException(String.valueOf(e.getMessage()));
        }
    }
}
