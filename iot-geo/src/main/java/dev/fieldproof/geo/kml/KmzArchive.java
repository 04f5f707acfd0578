package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The main document in a KMZ: the first entry at the root that ends in .kml, as OGC 12-007r2 says, whatever its name;
 * where none lies at the root, the first anywhere.
 */
final class KmzArchive implements AutoCloseable {
    /** Small files may compress well; the ratio counts from here. */
    private static final long RATIO_FREE_BYTES = 1 << 20;

    private final ZipFile zip;
    private final ZipEntry entry;
    private final int others;
    private final KmlLimits limits;

    private record Main(ZipEntry entry, int others) {}

    private KmzArchive(ZipFile zip, Main main, KmlLimits limits) {
        this.zip = zip;
        entry = main.entry();
        others = main.others();
        this.limits = limits;
    }

    static boolean isArchive(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(2);
            return magic.length == 2 && magic[0] == 'P' && magic[1] == 'K';
        }
    }

    static KmzArchive open(Path file, KmlLimits limits) throws IOException, KmlException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | EOFException e) {
            throw new KmlException(Rule.BAD_ARCHIVE, -1, "the archive cannot be read: " + reason(e));
        }
        try {
            Main main = mainDocument(zip, limits);
            if (main == null) {
                throw new KmlException(Rule.BAD_ARCHIVE, -1, "the archive holds no .kml");
            }
            return new KmzArchive(zip, main, limits);
        } catch (KmlException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static String reason(IOException e) {
        return e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
    }

    private static @Nullable Main mainDocument(ZipFile zip, KmlLimits limits) throws KmlException {
        ZipEntry first = null;
        ZipEntry atRoot = null;
        int count = 0;
        int documents = 0;
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            if (++count > limits.maxEntries()) {
                throw new KmlException(Rule.LIMIT_EXCEEDED, -1, "more than " + limits.maxEntries() + " entries");
            }
            String name = entry.getName().replace('\\', '/');
            if (name.startsWith("/") || name.equals("..") || name.startsWith("../") || name.contains("/../")) {
                throw new KmlException(Rule.UNSAFE_ENTRY, -1, "entry '" + name + "' leads out of the archive");
            }
            if (name.toLowerCase(Locale.ROOT).endsWith(".kml")) {
                first = first == null ? entry : first;
                atRoot = atRoot == null && name.indexOf('/') < 0 ? entry : atRoot;
                documents++;
            }
        }
        ZipEntry main = atRoot == null ? first : atRoot;
        return main == null ? null : new Main(main, documents - 1);
    }

    /** Opens the document; how much it unpacks to is counted, not believed. */
    InputStream document() throws IOException, KmlException {
        try {
            return new Counted(zip.getInputStream(entry), Math.max(1, entry.getCompressedSize()));
        } catch (ZipException | EOFException e) {
            throw new KmlException(Rule.BAD_ARCHIVE, -1, entry.getName() + " cannot be unpacked: " + reason(e));
        }
    }

    /** How many more documents the archive holds. */
    int others() {
        return others;
    }

    /** How many bytes the document says it unpacks to; -1 if it does not say. */
    long documentBytes() {
        return entry.getSize();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** Carries a refusal through the stream interface to the reader, which unwraps it. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient KmlException refusal;

        RefusedException(KmlException refusal) {
            super(refusal.getMessage());
            this.refusal = refusal;
        }

        KmlException refusal() {
            return refusal;
        }
    }

    private final class Counted extends FilterInputStream {
        private final long packedBytes;
        private long count;

        Counted(InputStream in, long packedBytes) {
            super(in);
            this.packedBytes = packedBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n;
            try {
                n = super.read(into, offset, length);
            } catch (ZipException | EOFException e) {
                throw new RefusedException(
                        new KmlException(Rule.BAD_ARCHIVE, count, entry.getName() + " is damaged: " + reason(e)));
            }
            count += Math.max(0, n);
            if (count > RATIO_FREE_BYTES && count / packedBytes > limits.maxRatio()) {
                throw new RefusedException(new KmlException(
                        Rule.LIMIT_EXCEEDED,
                        count,
                        entry.getName() + " unpacks to more than " + limits.maxRatio() + " times its size"));
            }
            return n;
        }
    }
}
