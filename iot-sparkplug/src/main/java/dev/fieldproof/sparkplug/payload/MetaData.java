package dev.fieldproof.sparkplug.payload;

import org.jspecify.annotations.Nullable;

/**
 * What describes a binary or multi-part value (Sparkplug 3.0, section 6.4.6); each component is null if not said.
 * Immutable.
 *
 * @param multiPart whether the value is one part of several
 * @param contentType media type
 * @param sizeBytes size of the value or file, unsigned
 * @param part number of this part, unsigned
 * @param fileName name of the file
 * @param fileType kind of file
 * @param md5 digest of the data as text
 * @param description free text
 * @param unknown fields of later versions
 */
public record MetaData(
        @Nullable Boolean multiPart,
        @Nullable String contentType,
        @Nullable Long sizeBytes,
        @Nullable Long part,
        @Nullable String fileName,
        @Nullable String fileType,
        @Nullable String md5,
        @Nullable String description,
        UnknownFields unknown) {
    /**
     * Describes a file.
     *
     * @param fileName its name
     * @param contentType its media type
     * @param sizeBytes its size
     * @return metadata with these three components
     */
    public static MetaData file(String fileName, String contentType, long sizeBytes) {
        return new MetaData(null, contentType, sizeBytes, null, fileName, null, null, null, UnknownFields.NONE);
    }
}
