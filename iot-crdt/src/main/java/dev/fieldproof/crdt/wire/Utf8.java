package dev.fieldproof.crdt.wire;

/** Checks that bytes are UTF-8 (RFC 3629) without making a string of them. Stateless. */
public final class Utf8 {
    private Utf8() {}

    /**
     * Looks for the first sequence that is not UTF-8: stray, overlong, a surrogate, above U+10FFFF or cut off.
     *
     * @param bytes the input
     * @param from where to begin
     * @param to where to end, exclusive
     * @return the offset of the sequence, or -1 if all is well
     */
    public static int firstMalformed(byte[] bytes, int from, int to) {
        for (int at = from; at < to; ) {
            int length = lengthAt(bytes, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /** The length of the sequence at an offset, 0 if it is malformed. */
    private static int lengthAt(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (first < 0xC2 || first > 0xF4 || at + length > to) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
