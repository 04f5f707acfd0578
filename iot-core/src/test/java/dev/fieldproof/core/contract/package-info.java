/**
 * What every implementation of the three service provider interfaces must do, as abstract JUnit classes to extend.
 *
 * <p>They come in the test jar of {@code iot-core}. To hold an implementation of your own to them, add
 *
 * <pre>{@code
 * <dependency>
 *   <groupId>dev.fieldproof</groupId>
 *   <artifactId>iot-core</artifactId>
 *   <version>...</version>
 *   <type>test-jar</type>
 *   <scope>test</scope>
 * </dependency>
 * }</pre>
 *
 * beside JUnit Jupiter (with {@code junit-jupiter-params}), and extend {@code TransportContract}, {@code
 * ArtifactStoreContract}, {@code KeyStoreContract} or {@code WritableKeyStoreContract} in a test class of any package:
 *
 * <pre>{@code
 * class S3ArtifactStoreTest extends ArtifactStoreContract {
 *     @Override
 *     protected ArtifactStore emptyStore(long quotaBytes) throws IOException {
 *         return S3ArtifactStore.open(freshBucket(), quotaBytes);
 *     }
 * }
 * }</pre>
 *
 * <p>The contracts use nothing but the public API and JUnit, keep no state between tests, and start no threads that
 * outlive a test.
 */
package dev.fieldproof.core.contract;
