package dev.fieldproof.serial.sim;

/**
 * How long things take in a simulated chip. Figures of a common 4 MiB flash (W25Q32) unless said otherwise.
 *
 * @param eraseBlockNanos erasing 64 KiB
 * @param eraseSectorNanos erasing 4 KiB
 * @param pageNanos programming 256 bytes
 * @param md5NanosPerByte the chip's MD5
 * @param inflateNanosPerByte decompressing, per byte of output
 * @param checksumNanosPerByte checking a request, per byte
 */
public record SimTiming(
        long eraseBlockNanos,
        long eraseSectorNanos,
        long pageNanos,
        long md5NanosPerByte,
        long inflateNanosPerByte,
        long checksumNanosPerByte) {
    /** Flash that erases and programs at once; computing still takes its time. */
    public static final SimTiming INSTANT_FLASH = new SimTiming(0, 0, 0, 300, 100, 30);

    /** 150 ms, 45 ms, 0.4 ms per page. */
    public static final SimTiming FAST_PAGES = new SimTiming(150_000_000, 45_000_000, 400_000, 300, 100, 30);

    /** 150 ms, 45 ms, 0.7 ms per page. */
    public static final SimTiming TYPICAL_PAGES = new SimTiming(150_000_000, 45_000_000, 700_000, 300, 100, 30);

    /** Nothing takes any time. */
    public static final SimTiming NONE = new SimTiming(0, 0, 0, 0, 0, 0);
}
