/**
 * Campaigns: a pure, deterministic engine that offers an update to a fleet in phases and stops by a sequential test of
 * the failure rate against a control group, with silence counted as failure.
 */
package dev.fieldproof.ota.rollout;
