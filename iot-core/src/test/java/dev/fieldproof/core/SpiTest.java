package dev.fieldproof.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyStore;
import dev.fieldproof.core.key.KeyStoreProvider;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactStoreProvider;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.core.transport.TransportProvider;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of the three service provider interfaces, and how their implementations are found. */
class SpiTest {
    @ParameterizedTest
    @ValueSource(classes = {Transport.class, ArtifactStore.class, KeyStore.class})
    void anInterfaceHasAtMostFiveMethodsAndCanBeClosed(Class<?> spi) {
        Set<String> methods = Arrays.stream(spi.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(methods.size() <= 5, () -> spi + " has " + methods);
        assertTrue(AutoCloseable.class.isAssignableFrom(spi));
    }

    @Test
    void theDefaultsAreFoundOnTheModulePath() {
        assertTrue(Transport.class.getModule().isNamed());
        assertEquals(Set.of("MemoryTransportProvider", "MqttTransportProvider"), found(TransportProvider.class));
        assertEquals(Set.of("DefaultStoreProvider"), found(ArtifactStoreProvider.class));
        assertEquals(Set.of("DefaultKeyStoreProvider"), found(KeyStoreProvider.class));
    }

    private static Set<String> found(Class<?> provider) {
        return ServiceLoader.load(provider).stream()
                .map(each -> each.type().getSimpleName())
                .collect(Collectors.toSet());
    }

    @Test
    void andOnTheClassPath() throws Exception {
        URL own = Path.of("target/classes/").toUri().toURL();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {own}, null)) {
            for (Class<?> provider :
                    Set.of(TransportProvider.class, ArtifactStoreProvider.class, KeyStoreProvider.class)) {
                assertEquals(found(provider), foundBy(loader, provider.getName()));
            }
        }
    }

    private static Set<String> foundBy(ClassLoader loader, String provider) throws ReflectiveOperationException {
        try {
            return ServiceLoader.load(loader.loadClass(provider), loader).stream()
                    .map(each -> each.type().getSimpleName())
                    .collect(Collectors.toSet());
        } catch (NoClassDefFoundError e) {
            throw new AssertionError("a provider needs more than this module to be found", e);
        }
    }
}
