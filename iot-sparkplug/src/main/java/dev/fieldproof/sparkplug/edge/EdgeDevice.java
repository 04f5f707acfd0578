package dev.fieldproof.sparkplug.edge;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A device attached to an edge node. Thread-safe. */
public final class EdgeDevice {
    private final EdgeNode node;
    private final String id;
    private final long controlAlias;
    private final Map<String, EdgeMetric> metrics = new LinkedHashMap<>();

    EdgeDevice(
            EdgeNode node,
            Pending pending,
            Templates templates,
            String id,
            List<EdgeMetric.Definition> definitions,
            long firstAlias,
            Instant now) {
        this.node = node;
        this.id = id;
        this.controlAlias = firstAlias;
        long alias = firstAlias + 1;
        for (EdgeMetric.Definition definition : definitions) {
            if (metrics.putIfAbsent(definition.name(), new EdgeMetric(pending, templates, id, definition, alias++, now))
                    != null) {
                throw new IllegalArgumentException("metric '" + definition.name() + "' is there twice");
            }
        }
    }

    /**
     * Its identifier.
     *
     * @return unique in its edge node; empty for the edge node itself
     */
    public String id() {
        return id;
    }

    /**
     * One of its metrics.
     *
     * @param name as defined
     * @return the metric
     * @throws IllegalArgumentException if there is none of that name
     */
    public EdgeMetric metric(String name) {
        EdgeMetric metric = metrics.get(name);
        if (metric == null) {
            throw new IllegalArgumentException("no metric '" + name + "' in " + metrics.keySet());
        }
        return metric;
    }

    /** Announces the device as reachable: its birth certificate is published now or with the node's. */
    public void online() {
        node.deviceUp(this);
    }

    /** Announces that the device cannot be reached: its metrics go stale at the hosts and take no values. */
    public void offline() {
        node.deviceDown(this);
    }

    /** The alias of the metric by which hosts ask for the device's rebirth; unused for the node itself. */
    long controlAlias() {
        return controlAlias;
    }

    Collection<EdgeMetric> metrics() {
        return metrics.values();
    }

    @org.jspecify.annotations.Nullable
    EdgeMetric find(String name) {
        return metrics.get(name);
    }
}
