/** Anomalies in streams of measurements, found in constant memory on the edge. */
package dev.fieldproof.core.anomaly;
