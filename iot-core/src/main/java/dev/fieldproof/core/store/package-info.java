/**
 * Firmware images, patches and other artifacts, addressed by what they contain: the {@code ArtifactStore} SPI.
 *
 * <pre>{@code
 * try (ArtifactStore store = ArtifactStore.open(Path.of("artifacts").toUri());
 *         ArtifactWrite write = store.write(digest, sizeBytes)) {
 *     download.resumeAt(write.offsetBytes(), write::append); // where an earlier process stopped
 *     Result result = write.commit(); // verifies the digest, then renames
 * }
 * }</pre>
 *
 * <p>Addresses: {@code file:///DIRECTORY} and {@code memory:/}, each with an optional {@code ?quotaBytes=N}.
 */
package dev.fieldproof.core.store;
