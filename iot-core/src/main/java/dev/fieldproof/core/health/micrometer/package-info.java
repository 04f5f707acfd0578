/** A fleet's health as Micrometer gauges and counters; needs {@code micrometer-core}, which is optional. */
package dev.fieldproof.core.health.micrometer;
