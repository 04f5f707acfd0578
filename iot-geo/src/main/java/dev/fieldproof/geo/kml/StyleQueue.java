package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.FeatureSink;
import dev.fieldproof.geo.geojson.Geometry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands features on in their order, holding them back while a shared style that one of them names has not come yet.
 * It waits over a limited stretch of the file, once for each style, so memory does not grow with the file. Not
 * thread-safe.
 */
final class StyleQueue {
    /** How much of the file may lie between a style's first use and the style. */
    static final long MAX_STRETCH_BYTES = 4 << 20;

    private final StyleReader styles;
    private final FeatureSink sink;
    private final Consumer<String> losses;
    private final int maxGivenUp;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final Set<String> givenUp = new HashSet<>();

    private record Held(
            @Nullable String id,
            @Nullable Geometry geometry,
            Map<String, @Nullable Object> properties,
            long offsetBytes) {
        @Nullable
        String url() {
            return properties.get("styleUrl") instanceof String url ? url : null;
        }
    }

    StyleQueue(StyleReader styles, FeatureSink sink, Consumer<String> losses, int maxGivenUp) {
        this.styles = styles;
        this.sink = sink;
        this.losses = losses;
        this.maxGivenUp = maxGivenUp;
    }

    /** Takes a feature that ends at a place of the file; its properties receive what its style says. */
    void add(
            @Nullable String id,
            @Nullable Geometry geometry,
            Map<String, @Nullable Object> properties,
            long offsetBytes)
            throws IOException {
        held.add(new Held(id, geometry, properties, offsetBytes));
        release(offsetBytes - MAX_STRETCH_BYTES);
    }

    /** Tries again what waits, for a style has come. */
    void styleCame() throws IOException {
        release(-1);
    }

    /** Hands everything on, for no more styles will come. */
    void flush() throws IOException {
        release(Long.MAX_VALUE);
    }

    /** Hands on what has its style, needs none, or has waited since before a place of the file. */
    private void release(long since) throws IOException {
        for (Held next = held.peek(); next != null; next = held.peek()) {
            String url = next.url();
            if (url != null && !styles.resolve(url, next.properties())) {
                if (url.startsWith("#") && next.offsetBytes() > since && !givenUp.contains(url)) {
                    return;
                }
                losses.accept("style not found in the file, its name kept");
                if (givenUp.size() < maxGivenUp) {
                    givenUp.add(url);
                }
            }
            held.remove();
            sink.accept(new Feature(next.id(), next.geometry(), next.properties()));
        }
    }
}
