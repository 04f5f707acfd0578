package dev.fieldproof.ota.rollout;

/** How fast devices are offered an update. */
public sealed interface Rate {
    /**
     * The rate now.
     *
     * @param healthy devices that run the update and are well
     * @return devices per hour
     */
    double perHour(int healthy);

    /**
     * The same all the time.
     *
     * @param perHour devices per hour, at least 1
     */
    record Constant(int perHour) implements Rate {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the rate is below 1
         */
        public Constant {
            if (perHour < 1) {
                throw new IllegalArgumentException("at " + perHour + " per hour");
            }
        }

        @Override
        public double perHour(int healthy) {
            return perHour;
        }
    }

    /**
     * Grows with success, as in AWS IoT Jobs.
     *
     * @param basePerHour devices per hour at first, at least 1
     * @param factor by which the rate grows, over 1
     * @param everyHealthy after each this many healthy devices, at least 1
     * @param maxPerHour highest rate, at least the base
     */
    record Exponential(int basePerHour, double factor, int everyHealthy, int maxPerHour) implements Rate {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a number is out of range
         */
        public Exponential {
            if (basePerHour < 1 || !(factor > 1) || everyHealthy < 1 || maxPerHour < basePerHour) {
                throw new IllegalArgumentException("from " + basePerHour + " to " + maxPerHour + " per hour by "
                        + factor + " every " + everyHealthy);
            }
        }

        @Override
        public double perHour(int healthy) {
            return Math.min(maxPerHour, basePerHour * StrictMath.pow(factor, Math.floorDiv(healthy, everyHealthy)));
        }
    }
}
