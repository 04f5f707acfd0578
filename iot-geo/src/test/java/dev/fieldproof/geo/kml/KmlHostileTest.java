package dev.fieldproof.geo.kml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input made to harm: typed refusals, bounded memory, nothing opened. */
class KmlHostileTest {
    private static final String PLACEMARK = "<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Style id='s'>"
            + "<LineStyle><color>7f0000ff</color><width>2</width></LineStyle></Style><Placemark id='p'><name>N &amp; x"
            + "</name><styleUrl>#s</styleUrl><ExtendedData><Data name='a'><value><![CDATA[v]]></value></Data>"
            + "</ExtendedData><MultiGeometry><Point><coordinates>1,2,3</coordinates></Point><Polygon><outerBoundaryIs>"
            + "<LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon>"
            + "</MultiGeometry></Placemark></Document></kml>";

    @TempDir
    private Path dir;

    private static KmlReport read(byte[] bytes, KmlLimits limits) throws IOException, KmlException {
        return KmlReader.readKml(new ByteArrayInputStream(bytes), limits, feature -> {});
    }

    private static Rule refused(String kml) {
        return assertThrows(KmlException.class, () -> read(kml.getBytes(StandardCharsets.UTF_8), KmlLimits.DEFAULT))
                .rule();
    }

    @Test
    void externalEntitiesAndBillionLaughsAreRefusedUnread() throws Exception {
        Path secret = Files.writeString(dir.resolve("secret"), "s3cret");
        assertEquals(
                Rule.DOCTYPE_REFUSED,
                refused("<!DOCTYPE kml [<!ENTITY x SYSTEM '" + secret.toUri() + "'>]><kml><Placemark><name>&x;</name>"
                        + "</Placemark></kml>"));
        assertEquals(
                Rule.DOCTYPE_REFUSED, refused("<!DOCTYPE kml [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><kml>&b;</kml>"));
        assertEquals(Rule.DOCTYPE_REFUSED, refused("<!DOCTYPE kml SYSTEM 'http://127.0.0.1:1/x.dtd'><kml></kml>"));
    }

    @Test
    void twoHundredFoldersAreReadAndMoreThanTheLimitRefused() throws Exception {
        String deep =
                "<kml>" + "<Folder><name>f</name>".repeat(200) + "<Placemark/>" + "</Folder>".repeat(200) + "</kml>";
        assertEquals(
                1,
                read(deep.getBytes(StandardCharsets.UTF_8), KmlLimits.DEFAULT).features());
        assertEquals(Rule.LIMIT_EXCEEDED, refused("<Folder>".repeat(100_000)));
    }

    @Test
    void anEndlessTextOrTagOrGeometryStopsAtItsLimit() {
        KmlLimits small = new KmlLimits(1L << 40, 100_000, 1_000, 50, 10, 100);
        for (String start : new String[] {
            "<kml><Placemark><name>",
            "<kml a='",
            "<kml><Placemark><Point><coordinates>",
            "<kml><Placemark><name><![CDATA["
        }) {
            InputStream endless = new InputStream() {
                private int at;

                @Override
                public int read() {
                    int i = at++;
                    return i < start.length() ? start.charAt(i) : i % 4 == 3 ? ' ' : i % 4 == 1 ? ',' : '1';
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    for (int i = 0; i < length; i++) {
                        into[offset + i] = (byte) read();
                    }
                    return length;
                }
            };
            Rule rule = assertThrows(KmlException.class, () -> KmlReader.readKml(endless, small, feature -> {}))
                    .rule();
            assertEquals(Rule.LIMIT_EXCEEDED, rule, start);
        }
    }

    private Path zip(String... namesAndContents) throws IOException {
        Path file = dir.resolve("x.kmz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private Rule refused(Path file) {
        return assertThrows(KmlException.class, () -> KmlReader.read(file, KmlLimits.DEFAULT, feature -> {}))
                .rule();
    }

    @Test
    void archivesAreReadFromTheirMainDocument() throws Exception {
        Path file = zip("files/a.txt", "x", "files/b.kml", "<kml/>", "main.kml", PLACEMARK, "doc.kml", "<kml/>");
        KmlReport report = KmlReader.read(file, KmlLimits.DEFAULT, feature -> {});
        assertEquals(1, report.features());
        assertEquals(2, report.losses().get("further document of the archive left out"));
        KmlReport below = KmlReader.read(zip("a/b.kml", PLACEMARK), KmlLimits.DEFAULT, feature -> {});
        assertEquals(1, below.features());
        assertEquals(null, below.losses().get("further document of the archive left out"));
    }

    @Test
    void archivesThatBurstOrLeadOutAreRefused() throws Exception {
        assertEquals(Rule.LIMIT_EXCEEDED, refused(zip("doc.kml", "<kml>" + " ".repeat(40_000_000) + "</kml>")));
        assertEquals(Rule.UNSAFE_ENTRY, refused(zip("../doc.kml", PLACEMARK)));
        assertEquals(Rule.UNSAFE_ENTRY, refused(zip("a/../../doc.kml", PLACEMARK)));
        assertEquals(Rule.UNSAFE_ENTRY, refused(zip("..\\doc.kml", PLACEMARK)));
        assertEquals(Rule.BAD_ARCHIVE, refused(zip("doc.txt", PLACEMARK)));
        byte[] whole = Files.readAllBytes(zip("doc.kml", PLACEMARK.repeat(9)));
        Path cut = Files.write(dir.resolve("cut.kmz"), Arrays.copyOf(whole, whole.length - 30));
        assertEquals(Rule.BAD_ARCHIVE, refused(cut));
    }

    @Test
    void anyPrefixIsReadOrRefusedAsCutShort() throws Exception {
        byte[] whole = PLACEMARK.getBytes(StandardCharsets.UTF_8);
        for (int n = 0; n < whole.length; n++) {
            byte[] prefix = Arrays.copyOf(whole, n);
            KmlException e = assertThrows(KmlException.class, () -> read(prefix, KmlLimits.DEFAULT));
            assertEquals(Rule.TRUNCATED, e.rule(), e::getMessage);
        }
        assertEquals(1, read(whole, KmlLimits.DEFAULT).features());
    }

    /** A million in the full profile, which runs ten times as many. */
    @Test
    void changedBytesGiveFeaturesOrATypedRefusal() {
        int[] outcomes = new int[2];
        KmlLimits small = new KmlLimits(10_000, 4_096, 100, 30, 10, 100);
        SeededRuns.check(100_000, random -> {
            byte[] bytes = mutated(random);
            try {
                read(bytes, small);
                outcomes[0]++;
            } catch (KmlException e) {
                outcomes[1]++;
                assertTrue(e.offsetBytes() <= bytes.length, e::getMessage);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(outcomes[0] > 500 && outcomes[1] > 1_000, Arrays.toString(outcomes));
    }

    /** Archives damaged anywhere, their directory included: nothing but features, a refusal or a plain I/O error. */
    @Test
    void changedArchivesGiveFeaturesOrATypedRefusal() throws Exception {
        byte[] whole = Files.readAllBytes(zip("files/a.txt", "x".repeat(500), "doc.kml", PLACEMARK));
        int[] outcomes = new int[2];
        Path file = dir.resolve("damaged.kmz");
        SeededRuns.check(3_000, random -> {
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                bytes[random.nextInt(2, bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Files.write(file, bytes);
                KmlReader.read(file, KmlLimits.DEFAULT, feature -> {});
                outcomes[0]++;
            } catch (KmlException e) {
                outcomes[1]++;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(outcomes[0] > 100 && outcomes[1] > 100, Arrays.toString(outcomes));
    }

    private static byte[] mutated(RandomGenerator random) {
        byte[] bytes = PLACEMARK.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = bytes[random.nextInt(bytes.length)];
                case 2 -> {
                    int length = random.nextInt(Math.min(40, bytes.length - at));
                    int to = random.nextInt(bytes.length - length);
                    System.arraycopy(bytes.clone(), at, bytes, to, length);
                }
                default -> {
                    ByteArrayOutputStream longer = new ByteArrayOutputStream();
                    longer.write(bytes, 0, at);
                    longer.writeBytes("<>&;,'\"]/".substring(random.nextInt(9)).getBytes(StandardCharsets.UTF_8));
                    longer.write(bytes, at, bytes.length - at);
                    bytes = longer.toByteArray();
                }
            }
        }
        return bytes;
    }

    @Test
    void otherEncodingsAreReadAndBadBytesRefused() throws Exception {
        String kml = "<?xml version='1.0' encoding='%s'?><kml><Placemark><name>Gr\u00fcn</name></Placemark></kml>";
        for (var charset : new java.nio.charset.Charset[] {StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8}) {
            String[] name = new String[1];
            KmlReader.readKml(
                    new ByteArrayInputStream(kml.formatted(charset.name()).getBytes(charset)),
                    KmlLimits.DEFAULT,
                    feature -> name[0] = String.valueOf(feature.properties().get("name")));
            assertEquals("Gr\u00fcn", name[0], charset::name);
        }
        byte[] wrong = kml.formatted("UTF-8").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(
                Rule.BAD_ENCODING,
                assertThrows(KmlException.class, () -> read(wrong, KmlLimits.DEFAULT))
                        .rule());
        assertFalse(kml.isEmpty());
    }
}
