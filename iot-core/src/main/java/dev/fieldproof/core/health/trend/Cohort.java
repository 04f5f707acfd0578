package dev.fieldproof.core.health.trend;

/**
 * What devices have in common.
 *
 * @param firmware version
 * @param hardware revision
 * @param site where they are
 */
public record Cohort(String firmware, String hardware, String site) {}
