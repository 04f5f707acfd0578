/**
 * The Update Framework 1.0: a repository that signs what may be installed, and a client that believes nothing else.
 * Thresholds, key rotation, delegations, consistent snapshots, expiry; protection against rollback, freeze and
 * mix-and-match.
 */
package dev.fieldproof.ota.tuf;
