package dev.fieldproof.benchmarks.scorecard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Two releases of real firmware, and how large others make the step between them. The files lie beside the checkout, in
 * {@code ../shared/corpus/firmware}; without them the rows that need them fail and say so.
 *
 * @param old file name of the older release
 * @param target file name of the newer one
 * @param minor whether they are adjacent releases
 * @param bsdiff size of the patch by bsdiff 4.3 in bytes
 * @param hdiff the same by HDiffPatch 4.12 in its best setting, -m-1 -SD-256k -c-lzma2-9
 * @param xz size of the newer release by xz -9e
 */
record FirmwarePair(String old, String target, boolean minor, int bsdiff, int hdiff, int xz) {
    static final List<FirmwarePair> ALL = List.of(
            minor("wled-esp32-0.14.3.bin", "wled-esp32-0.14.4.bin", 75468, 63933, 771712),
            minor("wled-esp32c3-0.14.3.bin", "wled-esp32c3-0.14.4.bin", 49886, 47025, 804176),
            minor("wled-esp8266-0.14.3.bin", "wled-esp8266-0.14.4.bin", 64728, 57728, 580832),
            minor("nina-w102-1.4.2.bin", "nina-w102-1.4.3.bin", 50272, 40323, 608048),
            minor("softrf-s76g-1.6.bin", "softrf-s76g-1.7.bin", 6490, 6017, 114084),
            minor("softrf-s76g-1.7.bin", "softrf-s76g-1.8.bin", 6382, 5963, 114180),
            minor("softrf-cc1352-1.5.1.bin", "softrf-cc1352-1.6.bin", 6872, 6247, 112896),
            minor("atc-v57.bin", "atc-v58.bin", 5777, 5112, 53276),
            minor("mpy-rp2040-20230426.uf2", "mpy-rp2040-20230610.uf2", 25142, 22520, 284088),
            minor("mpy-esp8266-1.9.4.bin", "mpy-esp8266-1.10.bin", 75985, 67444, 367728),
            minor("mpy-pybv11-1.10.bin", "mpy-pybv11-1f5d945af.bin", 40694, 35119, 184164),
            minor("emonpi-avr-1.7.bin", "emonpi-avr-1.8.bin", 772, 650, 10820),
            major("wled-esp32-0.14.4.bin", "wled-esp32-0.15.0.bin", 393827, 341601, 815020),
            major("uboot-mipsel-2023.01.bin", "uboot-mipsel-2025.01.bin", 65282, 60641, 109300),
            major("opensbi-rv64-1.1.bin", "opensbi-rv64-1.6.bin", 88886, 81089, 80284),
            major("marlin-skr3-3.0.bin", "marlin-skr3-3.0.1.bin", 122144, 108550, 114072));

    /** The pair that speed is measured on: 1.3 MB. */
    static final FirmwarePair LARGE = ALL.get(0);

    private static FirmwarePair minor(String old, String target, int bsdiff, int hdiff, int xz) {
        return new FirmwarePair(old, target, true, bsdiff, hdiff, xz);
    }

    private static FirmwarePair major(String old, String target, int bsdiff, int hdiff, int xz) {
        return new FirmwarePair(old, target, false, bsdiff, hdiff, xz);
    }

    byte[] oldBytes() throws IOException {
        return Files.readAllBytes(oldPath());
    }

    byte[] targetBytes() throws IOException {
        return Files.readAllBytes(targetPath());
    }

    Path oldPath() throws IOException {
        return folder().resolve(old);
    }

    Path targetPath() throws IOException {
        return folder().resolve(target);
    }

    private static Path folder() throws IOException {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            for (String up : List.of("../shared", "../../shared")) {
                Path folder = at.resolve(up).resolve("corpus/firmware").normalize();
                if (Files.isDirectory(folder)) {
                    return folder;
                }
            }
        }
        throw new IOException("skipped: no ../shared/corpus/firmware beside the checkout");
    }
}
