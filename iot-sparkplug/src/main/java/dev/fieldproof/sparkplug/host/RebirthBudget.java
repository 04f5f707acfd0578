package dev.fieldproof.sparkplug.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Spreads rebirth requests over time, so that a host that restarts over a large fleet does not set it off all at once:
 * a bucket of tokens for all, and for each node a pause that doubles while it does not answer. Not thread-safe.
 *
 * @param <K> names a node
 */
final class RebirthBudget<K> {
    private static final int MAX_ATTEMPTS = 6;

    private final double tokensPerNano;
    private final double burst;
    private final long firstPauseNanos;
    private final Map<K, Wish> wishes = new HashMap<>();
    private final ArrayDeque<Wish> due = new ArrayDeque<>();
    /** Asked once and not answered, the next to be asked again first. */
    private final PriorityQueue<Wish> waiting =
            new PriorityQueue<>((one, other) -> Long.compare(one.againNanos - other.againNanos, 0));

    private double tokens;
    private long filledNanos;

    private final class Wish {
        private final K node;
        private int attempts;
        private long againNanos;

        Wish(K node) {
            this.node = node;
        }
    }

    RebirthBudget(double perSecond, double burst, long firstPauseNanos, long nowNanos) {
        this.tokensPerNano = perSecond / 1e9;
        this.burst = burst;
        this.firstPauseNanos = firstPauseNanos;
        this.tokens = burst;
        this.filledNanos = nowNanos;
    }

    void ask(K node) {
        if (!wishes.containsKey(node)) {
            Wish wish = new Wish(node);
            wishes.put(node, wish);
            due.add(wish);
        }
    }

    /** The node was born or died: nothing is to be asked of it. */
    void settled(K node) {
        wishes.remove(node);
    }

    boolean isIdle() {
        return wishes.isEmpty();
    }

    /** Nodes to be asked now. */
    List<K> take(long nowNanos) {
        tokens = Math.min(burst, tokens + (nowNanos - filledNanos) * tokensPerNano);
        filledNanos = nowNanos;
        for (Wish next = waiting.peek(); next != null && nowNanos - next.againNanos >= 0; next = waiting.peek()) {
            due.add(waiting.remove());
        }
        List<K> asked = new ArrayList<>();
        while (tokens >= 1 && !due.isEmpty()) {
            Wish wish = due.remove();
            if (wishes.get(wish.node) != wish) {
                continue;
            }
            tokens--;
            asked.add(wish.node);
            if (++wish.attempts >= MAX_ATTEMPTS) {
                // It does not answer; the next message from it begins anew.
                wishes.remove(wish.node);
            } else {
                wish.againNanos = nowNanos + (firstPauseNanos << (wish.attempts - 1));
                waiting.add(wish);
            }
        }
        return asked;
    }
}
