package dev.fieldproof.benchmarks.rival;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The Java platform's own pull parser (StAX), reading alone. */
public final class PullParser {
    /** Its name in the tables. */
    public static final String NAME = "StAX, parsing alone";

    private static final int BUFFER_BYTES = 1 << 16;

    private PullParser() {}

    /**
     * Reads a file from end to end.
     *
     * @param xml the file
     * @return how many characters of text it has
     * @throws IOException if it cannot be read
     */
    public static long read(Path xml) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(xml), BUFFER_BYTES)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            long characters = 0;
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.CHARACTERS) {
                    characters += reader.getTextLength();
                }
            }
            return characters;
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }
}
