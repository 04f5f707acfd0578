/**
 * Transfers that distrust the link and the server: resumable, verified block by block as they arrive, from several
 * sources in order, bounded in bytes, time and attempts.
 */
package dev.fieldproof.ota.download;
