/**
 * Which devices are alive, which are degraded, which fail silently, and why: liveness from the rhythm of beats, common
 * causes behind gateways, diagnostics, crash records, trends and a view of the whole fleet.
 */
package dev.fieldproof.core.health;
