package dev.fieldproof.ota.rollout;

/**
 * How the devices of a campaign stand. Immutable.
 *
 * @param waiting not offered the update yet
 * @param offered offered, not restarted yet
 * @param restarting restarted, not heard of yet
 * @param healthy run the update and are well
 * @param failed said that they failed
 * @param silent did not come back in time
 * @param skipped left out
 * @param reverted sent back
 */
public record CampaignCounts(
        int waiting, int offered, int restarting, int healthy, int failed, int silent, int skipped, int reverted) {}
