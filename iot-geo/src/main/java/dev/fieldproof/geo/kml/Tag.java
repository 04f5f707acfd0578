package dev.fieldproof.geo.kml;

/** The elements of KML that the reader acts on; the rest is {@link #OTHER}. */
enum Tag {
    OTHER(""),
    KML("kml"),
    DOCUMENT("Document"),
    FOLDER("Folder"),
    PLACEMARK("Placemark"),
    NAME("name"),
    DESCRIPTION("description"),
    SNIPPET("Snippet"),
    ADDRESS("address"),
    PHONE_NUMBER("phoneNumber"),
    VISIBILITY("visibility"),
    STYLE_URL("styleUrl"),
    STYLE("Style"),
    STYLE_MAP("StyleMap"),
    PAIR("Pair"),
    KEY("key"),
    LINE_STYLE("LineStyle"),
    POLY_STYLE("PolyStyle"),
    ICON_STYLE("IconStyle"),
    LABEL_STYLE("LabelStyle"),
    BALLOON_STYLE("BalloonStyle"),
    LIST_STYLE("ListStyle"),
    COLOR("color"),
    COLOR_MODE("colorMode"),
    WIDTH("width"),
    FILL("fill"),
    OUTLINE("outline"),
    SCALE("scale"),
    HEADING("heading"),
    ICON("Icon"),
    HREF("href"),
    EXTENDED_DATA("ExtendedData"),
    DATA("Data"),
    VALUE("value"),
    SCHEMA("Schema"),
    SIMPLE_FIELD("SimpleField"),
    SCHEMA_DATA("SchemaData"),
    SIMPLE_DATA("SimpleData"),
    SIMPLE_ARRAY_DATA("SimpleArrayData"),
    TIME_STAMP("TimeStamp"),
    TIME_SPAN("TimeSpan"),
    WHEN("when"),
    BEGIN("begin"),
    END("end"),
    POINT("Point"),
    LINE_STRING("LineString"),
    LINEAR_RING("LinearRing"),
    POLYGON("Polygon"),
    OUTER_BOUNDARY_IS("outerBoundaryIs"),
    INNER_BOUNDARY_IS("innerBoundaryIs"),
    MULTI_GEOMETRY("MultiGeometry"),
    TRACK("Track"),
    MULTI_TRACK("MultiTrack"),
    COORD("coord"),
    ANGLES("angles"),
    INTERPOLATE("interpolate"),
    MODEL("Model"),
    COORDINATES("coordinates"),
    ALTITUDE_MODE("altitudeMode"),
    EXTRUDE("extrude"),
    TESSELLATE("tessellate"),
    NETWORK_LINK("NetworkLink"),
    LINK("Link"),
    URL("Url"),
    GROUND_OVERLAY("GroundOverlay"),
    SCREEN_OVERLAY("ScreenOverlay"),
    PHOTO_OVERLAY("PhotoOverlay"),
    TOUR("Tour"),
    REGION("Region"),
    LOOK_AT("LookAt"),
    CAMERA("Camera");

    private static final int TABLE_SIZE = 512;
    private static final Tag[] TABLE = new Tag[TABLE_SIZE];
    private static final byte[][] NAMES = new byte[TABLE_SIZE][];

    static {
        for (Tag tag : values()) {
            if (tag != OTHER) {
                byte[] name = tag.element.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                int hash = 0;
                for (byte b : name) {
                    hash = hash(hash, b);
                }
                int slot = slot(hash);
                while (TABLE[slot] != null) {
                    slot = (slot + 1) & (TABLE_SIZE - 1);
                }
                TABLE[slot] = tag;
                NAMES[slot] = name;
            }
        }
    }

    private final String element;

    Tag(String element) {
        this.element = element;
    }

    /** The element's local name. */
    String element() {
        return element;
    }

    /** Finds the tag of a local name. */
    static Tag of(byte[] name, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash(hash, name[i]);
        }
        return of(hash, name, from, to);
    }

    /** Finds the tag of a local name of a known {@link #hash}. */
    static Tag of(int hash, byte[] name, int from, int to) {
        int slot = slot(hash);
        for (Tag tag = TABLE[slot]; tag != null; tag = TABLE[slot]) {
            if (java.util.Arrays.equals(NAMES[slot], 0, NAMES[slot].length, name, from, to)) {
                return tag;
            }
            slot = (slot + 1) & (TABLE_SIZE - 1);
        }
        return OTHER;
    }

    /** The hash of a name that goes on with a byte; 0 for the empty name. */
    static int hash(int before, byte next) {
        return before * 31 + next;
    }

    private static int slot(int hash) {
        return (hash ^ (hash >>> 9)) & (TABLE_SIZE - 1);
    }
}
