package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.FeatureSink;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads KML 2.0 to 2.3 (OGC 12-007r2) or KMZ as a stream: each placemark becomes a feature as soon as it ends. Memory
 * does not grow with the file. Each call stands alone; the class is thread-safe.
 */
public final class KmlReader {
    /** Kinds of loss that are told apart. */
    private static final int MAX_LOSSES = 200;

    private final XmlScanner xml;
    private final KmlLimits limits;
    private final GeometryReader geometries;
    private final List<String> folders = new ArrayList<>();
    /** Elements that a schema of KML 2.0 derives from Placemark. */
    private final Set<String> placemarkNames = new HashSet<>();

    private final Map<String, String> schemaTypes = new HashMap<>();
    private final TreeMap<String, Integer> losses = new TreeMap<>();
    private final StyleReader styles;
    private final StyleQueue queue;
    private final List<String> networkLinks = new ArrayList<>();
    private long features;

    private KmlReader(XmlScanner xml, KmlLimits limits, FeatureSink sink) {
        this.xml = xml;
        this.limits = limits;
        styles = new StyleReader(xml, limits.maxEntries(), this::lose);
        queue = new StyleQueue(styles, sink, this::lose, limits.maxEntries());
        geometries = new GeometryReader(xml, limits, this::lose);
    }

    /**
     * Reads a file, packed or not.
     *
     * @param file KML or KMZ, told apart by content
     * @param limits what to accept at most
     * @param sink takes the features
     * @return what was read and what features could not hold
     * @throws KmlException if the file breaks a rule; features before the place were handed on
     * @throws IOException if reading or the sink fails
     */
    public static KmlReport read(Path file, KmlLimits limits, FeatureSink sink) throws IOException, KmlException {
        return read(file, limits, sink, (bytes, total) -> {});
    }

    /**
     * Reads a file, packed or not, and tells how far it has come.
     *
     * @param file KML or KMZ, told apart by content
     * @param limits what to accept at most
     * @param sink takes the features
     * @param progress told again and again; throws to stop
     * @return what was read and what features could not hold
     * @throws KmlException if the file breaks a rule; features before the place were handed on
     * @throws IOException if reading, the sink or the progress fails
     */
    public static KmlReport read(Path file, KmlLimits limits, FeatureSink sink, KmlProgress progress)
            throws IOException, KmlException {
        if (KmzArchive.isArchive(file)) {
            try (KmzArchive archive = KmzArchive.open(file, limits)) {
                InputStream in = counted(archive.document(), archive.documentBytes(), progress);
                return readKml(in, limits, sink).beside(archive.others());
            } catch (KmzArchive.RefusedException e) {
                throw e.refusal();
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            return readKml(counted(in, Files.size(file), progress), limits, sink);
        }
    }

    private static InputStream counted(InputStream in, long totalBytes, KmlProgress progress) {
        return new FilterInputStream(in) {
            private long bytes;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int n = super.read(into, offset, length);
                bytes += Math.max(0, n);
                progress.read(bytes, totalBytes);
                return n;
            }
        };
    }

    /**
     * Reads unpacked KML.
     *
     * @param in the bytes, in UTF-8, or in another encoding that its declaration or byte order mark names; not closed
     * @param limits what to accept at most
     * @param sink takes the features
     * @return what was read and what features could not hold
     * @throws KmlException if the bytes break a rule; features before the place were handed on
     * @throws IOException if reading or the sink fails
     */
    public static KmlReport readKml(InputStream in, KmlLimits limits, FeatureSink sink)
            throws IOException, KmlException {
        XmlScanner xml = new XmlScanner(KmlEncoding.toUtf8(in), limits);
        KmlReader reader = new KmlReader(xml, limits, sink);
        try {
            reader.document();
        } catch (KmlException e) {
            // What came before the place is still handed on.
            reader.queue.flush();
            throw e;
        }
        reader.queue.flush();
        return new KmlReport(reader.features, reader.geometries.positions(), reader.losses, reader.networkLinks);
    }

    private void lose(String what) {
        boolean known = losses.size() < MAX_LOSSES || losses.containsKey(what);
        losses.merge(known ? what : "other elements left out", 1, Integer::sum);
    }

    /** Skips the element just started and says so. */
    private void leaveOut() throws IOException, KmlException {
        lose(xml.name() + " left out");
        xml.skip();
    }

    private void document() throws IOException, KmlException {
        if (!xml.nextStart()) {
            throw xml.broken(Rule.MALFORMED_XML, "the file starts with an end tag");
        }
        switch (xml.tag()) {
            case KML -> contents();
            case DOCUMENT, FOLDER, PLACEMARK, NETWORK_LINK, GROUND_OVERLAY, SCREEN_OVERLAY -> child();
            default -> throw xml.broken(Rule.NOT_KML, "the root element is " + xml.name());
        }
        xml.finish();
    }

    /** Reads the children of a container, whose nesting the scanner limits. */
    private void contents() throws IOException, KmlException {
        while (xml.nextStart()) {
            child();
        }
    }

    private void child() throws IOException, KmlException {
        Tag tag = xml.tag();
        switch (tag) {
            case DOCUMENT, FOLDER -> {
                int before = folders.size();
                container();
                while (folders.size() > before) {
                    folders.remove(folders.size() - 1);
                }
            }
            case PLACEMARK -> placemark();
            case SCHEMA -> schema();
            case STYLE -> {
                styles.style();
                queue.styleCame();
            }
            case STYLE_MAP -> {
                styles.styleMap();
                queue.styleCame();
            }
            case NETWORK_LINK -> networkLink();
            case GROUND_OVERLAY, SCREEN_OVERLAY, PHOTO_OVERLAY, TOUR -> leaveOut();
            default -> {
                if (tag == Tag.OTHER && placemarkNames.contains(xml.name())) {
                    placemark();
                } else {
                    leaveOut();
                }
            }
        }
    }

    private void container() throws IOException, KmlException {
        boolean isFolder = xml.tag() == Tag.FOLDER;
        boolean named = false;
        while (xml.nextStart()) {
            if (xml.tag() == Tag.NAME) {
                String name = xml.text();
                if (isFolder && !named) {
                    folders.add(name);
                    named = true;
                }
            } else {
                child();
            }
        }
    }

    /** Keeps the address, whether it is under Link or, as KML 2.0 has it, under Url. */
    private void networkLink() throws IOException, KmlException {
        lose("NetworkLink not followed");
        while (xml.nextStart()) {
            if (xml.tag() != Tag.LINK && xml.tag() != Tag.URL) {
                xml.skip();
                continue;
            }
            while (xml.nextStart()) {
                if (xml.tag() == Tag.HREF && networkLinks.size() < KmlReport.MAX_NETWORK_LINKS) {
                    networkLinks.add(xml.text().strip());
                } else {
                    xml.skip();
                }
            }
        }
    }

    private void schema() throws IOException, KmlException {
        String id = xml.attribute("id");
        String derived = xml.attribute("name");
        if (derived != null && "Placemark".equals(xml.attribute("parent"))) {
            placemarkNames.add(derived);
        }
        while (xml.nextStart()) {
            if (xml.tag() == Tag.SIMPLE_FIELD && schemaTypes.size() < limits.maxEntries()) {
                String type = xml.attribute("type");
                String name = xml.attribute("name");
                if (type != null && name != null) {
                    schemaTypes.put(id + "/" + name, type);
                }
            }
            xml.skip();
        }
    }

    private void placemark() throws IOException, KmlException {
        String id = xml.attribute("id");
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        List<Geometry> found = new ArrayList<>();
        long start = xml.offset();
        try {
            while (xml.nextStart()) {
                placemarkChild(properties, found);
            }
        } catch (KmlException e) {
            Object name = properties.get("name");
            throw name == null ? e : e.in("placemark '" + name + "'");
        } catch (IllegalArgumentException e) {
            throw new KmlException(Rule.BAD_GEOMETRY, start, "placemark: " + e.getMessage());
        }
        if (!folders.isEmpty()) {
            properties.put("folders", List.copyOf(folders));
        }
        features++;
        queue.add(id, Geometries.together(found), properties, xml.offset());
    }

    private void placemarkChild(Map<String, @Nullable Object> properties, List<Geometry> found)
            throws IOException, KmlException {
        Tag tag = xml.tag();
        if (GeometryReader.isGeometry(tag)) {
            Geometry geometry = geometries.read(properties);
            if (geometry != null) {
                found.add(geometry);
            }
            return;
        }
        switch (tag) {
            case NAME, DESCRIPTION, SNIPPET, ADDRESS, PHONE_NUMBER, STYLE_URL ->
                properties.put(tag.element(), xml.text());
            case VISIBILITY -> properties.put("visibility", GeometryReader.flag(xml.text()));
            case TIME_STAMP -> time(properties);
            case TIME_SPAN -> time(properties);
            case EXTENDED_DATA -> new ExtendedDataReader(xml, schemaTypes).read(properties);
            case STYLE -> styles.style().forEach(properties::put);
            default -> leaveOut();
        }
    }

    private void time(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        while (xml.nextStart()) {
            switch (xml.tag()) {
                case WHEN -> properties.put("timestamp", xml.text());
                case BEGIN -> properties.put("begin", xml.text());
                case END -> properties.put("end", xml.text());
                default -> xml.skip();
            }
        }
    }
}
