package dev.fieldproof.ota.install;

/** Progress of an installation. */
public sealed interface InstallEvent {
    /**
     * An installation began or went on.
     *
     * @param chunksDone chunks that are in place already
     * @param chunks all chunks
     */
    record Started(int chunksDone, int chunks) implements InstallEvent {}

    /**
     * A chunk is in place, verified.
     *
     * @param chunksDone chunks in place
     * @param chunks all chunks
     */
    record ChunkPlaced(int chunksDone, int chunks) implements InstallEvent {}

    /** All chunks are in place; the whole slot is being checked. */
    record Verifying() implements InstallEvent {}
}
