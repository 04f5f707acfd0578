package dev.fieldproof.crdt;

/**
 * Digests of a map's entries under a salt: equal for equal key, stamp and value, and otherwise not to be foreseen by
 * whoever chose them before the salt was drawn. Not thread-safe, like the map.
 */
public final class MapDigest {
    private final MapState state;
    private final SipHash hash;

    /**
     * Looks at a map.
     *
     * @param map whose entries are digested as they are at each call
     * @param salt drawn at random for each comparison
     */
    public MapDigest(LwwMap map, long salt) {
        this.state = map.state();
        this.hash = new SipHash(salt * 0x9E37_79B9_7F4A_7C15L, Long.rotateLeft(salt, 32) ^ 0x5DEE_CE66_D1CE_4E5BL);
    }

    /**
     * The digest of an entry; removals have one too.
     *
     * @param key its number
     * @return 64 bits, 0 for a key never held
     */
    public long of(int key) {
        if (!state.holds(key)) {
            return 0;
        }
        Columns columns = state.columns;
        Boot boot = state.lives.get(columns.line(key));
        byte kind = columns.kind(key);
        hash.begin().word((long) kind << 32 | key);
        hash.word(boot.writer().value()).word(boot.incarnation()).word(boot.epoch());
        hash.word(columns.counter(key)).word(columns.bits(key));
        if (Kind.hasObject(kind)) {
            hash.bytes(Kind.bytesOf(columns.object(key)));
        }
        return hash.end();
    }

    /**
     * The digest of the whole map: two different maps have the same with probability 2^-64.
     *
     * @return the sum of the digests of all entries
     */
    public long whole() {
        long sum = 0;
        for (int key = 0; key < state.columns.capacity(); key++) {
            sum += of(key);
        }
        return sum;
    }
}
