/** Transfers that distrust the link and the server: bounded in size and time. */
package dev.fieldproof.ota.download;
