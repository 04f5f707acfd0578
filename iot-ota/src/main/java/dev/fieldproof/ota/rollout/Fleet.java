package dev.fieldproof.ota.rollout;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a campaign knows of each device, ten bytes a device. Devices are numbered in the order they were added.
 * Immutable and thread-safe.
 */
public final class Fleet {
    /** Most cohorts, and most sites. */
    public static final int MAX_NAMES = 0xFFFF;

    /** Most time zones. */
    public static final int MAX_ZONES = 255;

    private final short[] cohorts;
    private final short[] sites;
    private final byte[] zones;
    private final byte[] rhythms;
    private final int[] versions;
    private final List<ZoneId> zoneIds;
    private final int cohortCount;
    private final int siteCount;
    private final int lowestVersion;

    private Fleet(Builder builder) {
        cohorts = Arrays.copyOf(builder.cohorts, builder.size);
        sites = Arrays.copyOf(builder.sites, builder.size);
        zones = Arrays.copyOf(builder.zones, builder.size);
        rhythms = Arrays.copyOf(builder.rhythms, builder.size);
        versions = Arrays.copyOf(builder.versions, builder.size);
        zoneIds = List.copyOf(builder.zoneIds.keySet());
        cohortCount = builder.cohortNames.size();
        siteCount = builder.siteNames.size();
        lowestVersion = Arrays.stream(versions).min().orElse(0);
    }

    /**
     * A fleet of like devices, all in UTC at one site.
     *
     * @param size how many
     * @return the fleet
     */
    public static Fleet uniform(int size) {
        Builder builder = new Builder();
        for (int i = 0; i < size; i++) {
            builder.add(Traits.PLAIN);
        }
        return builder.build();
    }

    /**
     * One device.
     *
     * @param cohort what it is like: model, region, customer; a canary holds every cohort in proportion
     * @param site where it is; airtime and energy are budgeted by site
     * @param zone the time zone of its maintenance windows
     * @param version what it runs, for a minimum version
     * @param rhythm how seldom it reports: it may be silent for 2 to this power times the plan's time, 0 to 7
     */
    public record Traits(String cohort, String site, ZoneId zone, int version, int rhythm) {
        /** A device that nothing is known of. */
        public static final Traits PLAIN = new Traits("", "", ZoneOffset.UTC, 0, 0);

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if the rhythm is out of range
         */
        public Traits {
            if (rhythm < 0 || rhythm > 7) {
                throw new IllegalArgumentException("a rhythm of " + rhythm);
            }
        }
    }

    /**
     * How many devices there are.
     *
     * @return the number
     */
    public int size() {
        return cohorts.length;
    }

    int cohort(int device) {
        return cohorts[device] & 0xFFFF;
    }

    int site(int device) {
        return sites[device] & 0xFFFF;
    }

    int zone(int device) {
        return zones[device] & 0xFF;
    }

    int rhythm(int device) {
        return rhythms[device];
    }

    int version(int device) {
        return versions[device];
    }

    int lowestVersion() {
        return lowestVersion;
    }

    List<ZoneId> zoneIds() {
        return zoneIds;
    }

    int cohortCount() {
        return cohortCount;
    }

    int siteCount() {
        return siteCount;
    }

    /** Collects devices. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Integer> cohortNames = new HashMap<>();
        private final Map<String, Integer> siteNames = new HashMap<>();
        private final Map<ZoneId, Integer> zoneIds = new java.util.LinkedHashMap<>();
        private short[] cohorts = new short[16];
        private short[] sites = new short[16];
        private byte[] zones = new byte[16];
        private byte[] rhythms = new byte[16];
        private int[] versions = new int[16];
        private int size;

        /** Begins empty. */
        public Builder() {}

        /**
         * Adds a device; its number is how many were added before.
         *
         * @param traits what is known of it
         * @return this
         * @throws IllegalArgumentException if there are too many cohorts, sites or zones
         */
        public Builder add(Traits traits) {
            if (size == cohorts.length) {
                int larger = Math.multiplyExact(size, 2);
                cohorts = Arrays.copyOf(cohorts, larger);
                sites = Arrays.copyOf(sites, larger);
                zones = Arrays.copyOf(zones, larger);
                rhythms = Arrays.copyOf(rhythms, larger);
                versions = Arrays.copyOf(versions, larger);
            }
            cohorts[size] = (short) number(cohortNames, traits.cohort(), MAX_NAMES);
            sites[size] = (short) number(siteNames, traits.site(), MAX_NAMES);
            zones[size] = (byte) number(zoneIds, traits.zone(), MAX_ZONES);
            rhythms[size] = (byte) traits.rhythm();
            versions[size++] = traits.version();
            return this;
        }

        private static <K> int number(Map<K, Integer> numbers, K name, int max) {
            Integer known = numbers.get(name);
            if (known != null) {
                return known;
            }
            if (numbers.size() == max) {
                throw new IllegalArgumentException("more than " + max + " of a kind, at " + name);
            }
            numbers.put(name, numbers.size());
            return numbers.size() - 1;
        }

        /**
         * Ends the fleet.
         *
         * @return what was collected
         */
        public Fleet build() {
            return new Fleet(this);
        }
    }

    /**
     * An order of the first devices in which every beginning holds every cohort in proportion: the k-th of a cohort's n
     * devices, shuffled, stands at (k + a chance)/n.
     */
    int[] representativeOrder(int devices, long seed) {
        int[] shuffled = new int[devices];
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        for (int i = 0; i < devices; i++) {
            int at = random.nextInt(i + 1);
            shuffled[i] = shuffled[at];
            shuffled[at] = i;
        }
        int[] sizes = new int[cohortCount];
        for (int i = 0; i < devices; i++) {
            sizes[cohort(i)]++;
        }
        // The place in the high bits and the device in the low ones: one sort of longs orders both.
        int[] seen = new int[cohortCount];
        long[] places = new long[devices];
        for (int i = 0; i < devices; i++) {
            int cohort = cohort(shuffled[i]);
            double place = (seen[cohort]++ + random.nextDouble()) / sizes[cohort];
            places[i] = ((long) (place * (1L << 31)) << 32) | shuffled[i];
        }
        Arrays.sort(places);
        for (int i = 0; i < devices; i++) {
            shuffled[i] = (int) places[i];
        }
        return shuffled;
    }
}
