package dev.fieldproof.core.transport;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who wants which topics: a tree with one level per topic level (MQTT 5.0, section 4.7), so that finding the subscribers
 * of a topic costs its depth and not the number of subscriptions. Not thread-safe.
 *
 * @param <S> subscriber
 */
final class TopicTree<S> {
    private final Node<S> root = new Node<>();

    private static final class Node<S> {
        private final Map<String, Node<S>> children = new HashMap<>();
        private final Map<S, Qos> subscribers = new LinkedHashMap<>();
    }

    void put(TopicFilter filter, S subscriber, Qos qos) {
        Node<S> node = root;
        for (String level : filter.value().split("/", -1)) {
            node = node.children.computeIfAbsent(level, l -> new Node<>());
        }
        node.subscribers.put(subscriber, qos);
    }

    void remove(TopicFilter filter, S subscriber) {
        remove(root, filter.value().split("/", -1), 0, subscriber);
    }

    private static <S> void remove(Node<S> node, String[] levels, int depth, S subscriber) {
        if (depth == levels.length) {
            node.subscribers.remove(subscriber);
            return;
        }
        Node<S> child = node.children.get(levels[depth]);
        if (child != null) {
            remove(child, levels, depth + 1, subscriber);
            if (child.subscribers.isEmpty() && child.children.isEmpty()) {
                node.children.remove(levels[depth]);
            }
        }
    }

    /**
     * Finds the subscribers of a topic.
     *
     * @param found called for each matching subscription, so more than once for a subscriber with overlapping filters
     */
    void match(String topic, BiConsumer<S, Qos> found) {
        match(root, topic, 0, found);
    }

    private static <S> void match(Node<S> node, String topic, int from, BiConsumer<S, Qos> found) {
        if (from > topic.length()) {
            node.subscribers.forEach(found);
            accept(node.children.get("#"), found); // "a/#" also matches "a"
            return;
        }
        int slash = topic.indexOf('/', from);
        int end = slash < 0 ? topic.length() : slash;
        Node<S> exact = node.children.get(topic.substring(from, end));
        if (exact != null) {
            match(exact, topic, end + 1, found);
        }
        if (from > 0 || topic.charAt(0) != '$') {
            Node<S> any = node.children.get("+");
            if (any != null) {
                match(any, topic, end + 1, found);
            }
            accept(node.children.get("#"), found);
        }
    }

    private static <S> void accept(@Nullable Node<S> node, BiConsumer<S, Qos> found) {
        if (node != null) {
            node.subscribers.forEach(found);
        }
    }
}
