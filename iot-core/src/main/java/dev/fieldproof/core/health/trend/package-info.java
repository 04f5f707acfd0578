/**
 * Trends: how often the devices of a cohort restart, compared between firmware versions with a stated confidence, and
 * when flash will be worn out.
 */
package dev.fieldproof.core.health.trend;
