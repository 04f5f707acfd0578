package dev.fieldproof.sparkplug.host;

/**
 * How a fleet stands at one moment. Immutable.
 *
 * @param online nodes that are born and not dead
 * @param stale nodes whose values are not current, though nothing says that they are dead
 * @param offline nodes that are dead
 * @param births NBIRTHs taken since the host started
 * @param deaths of nodes since the host started
 * @param rebirthRequests sent since the host started
 * @param samples taken since the host started, repeated ones not counted
 * @param samplesHistorical how many of them were historical
 * @param samplesRepeated that came again and were dropped
 * @param samplesLost that nodes let go before the host had them
 * @param samplesMissing that have not come and still may
 */
public record FleetCounts(
        int online,
        int stale,
        int offline,
        long births,
        long deaths,
        long rebirthRequests,
        long samples,
        long samplesHistorical,
        long samplesRepeated,
        long samplesLost,
        long samplesMissing) {}
