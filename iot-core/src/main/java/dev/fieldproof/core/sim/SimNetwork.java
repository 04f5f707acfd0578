package dev.fieldproof.core.sim;

import dev.fieldproof.core.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A network of named endpoints on simulated time, with seeded harm to what it carries: loss (in bursts, after Gilbert,
 * "Capacity of a burst-noise channel", 1960), delay, duplicates, reordering, flipped bits, limited bandwidth and cuts.
 * It carries datagrams ({@link #send}), or the bytes of a stream ({@link #pipe}) whose pieces keep their order but not
 * their borders, as on a serial line.
 *
 * <p>The same calls with the same seed give the same history. Not thread-safe: one simulation, one thread.
 */
public final class SimNetwork {
    /** Most bytes that wait for the bandwidth of one direction of a link; a packet beyond that is lost. */
    public static final int QUEUE_MAX_BYTES = 1 << 20;

    private static final int PIECE_MAX_BYTES = 64;

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final Map<String, BiConsumer<String, byte[]>> receivers = new HashMap<>();
    private final Map<Way, Lane> lanes = new HashMap<>();
    private final Set<Way> cuts = new HashSet<>();
    private LinkQuality everywhere = LinkQuality.PERFECT;
    private long sent;
    private long delivered;
    private long lost;

    /**
     * Makes a network without endpoints, perfect so far.
     *
     * @param scheduler time, usually a {@link SimClock}; packets arrive in its tasks
     * @param random the only source of chance
     */
    public SimNetwork(Scheduler scheduler, RandomGenerator random) {
        this.scheduler = scheduler;
        this.random = random;
    }

    private record Way(String from, String to) {}

    /** One direction of a link: its quality, and what makes it more than a sum of single packets. */
    private static final class Lane {
        private LinkQuality quality;
        private boolean bursting;
        private long busyUntilNanos;
        private long lastArrivalNanos;
        private int generation;

        private Lane(LinkQuality quality, long nowNanos) {
            this.quality = quality;
            this.busyUntilNanos = nowNanos;
            this.lastArrivalNanos = nowNanos;
        }
    }

    /**
     * What the network did since it was made. A duplicate counts as sent and, if it arrives, as delivered.
     *
     * @param sent packets and pieces that set off
     * @param delivered those that arrived, whole or harmed
     * @param lost those that did not: lost, overflowed or cut
     */
    public record Counts(long sent, long delivered, long lost) {}

    /**
     * Joins an endpoint, or replaces its receiver.
     *
     * @param name of the endpoint
     * @param receiver gets the sender's name and each datagram
     */
    public void join(String name, BiConsumer<String, byte[]> receiver) {
        receivers.put(name, receiver);
    }

    /**
     * Changes every link, those with a quality of their own included, for packets sent from now on.
     *
     * @param quality of both directions
     */
    public void quality(LinkQuality quality) {
        everywhere = quality;
        lanes.values().forEach(lane -> lane.quality = quality);
    }

    /**
     * Changes one direction of one link, for packets sent from now on.
     *
     * @param from sending endpoint
     * @param to receiving endpoint
     * @param quality of this direction
     */
    public void quality(String from, String to, LinkQuality quality) {
        lane(new Way(from, to)).quality = quality;
    }

    /**
     * Cuts a link in both directions: what is under way is lost, as is what is sent until {@link #restore}.
     *
     * @param one endpoint
     * @param other endpoint
     */
    public void cut(String one, String other) {
        for (Way way : new Way[] {new Way(one, other), new Way(other, one)}) {
            cuts.add(way);
            lane(way).generation++;
        }
    }

    /**
     * Mends a link.
     *
     * @param one endpoint
     * @param other endpoint
     */
    public void restore(String one, String other) {
        cuts.remove(new Way(one, other));
        cuts.remove(new Way(other, one));
    }

    /**
     * Sends a datagram; a receiver that has not joined when it arrives does not get it.
     *
     * @param from sending endpoint
     * @param to receiving endpoint
     * @param datagram copied
     */
    public void send(String from, String to, byte[] datagram) {
        Way way = new Way(from, to);
        Consumer<byte[]> arrive = bytes -> {
            BiConsumer<String, byte[]> receiver = receivers.get(to);
            if (receiver != null) {
                receiver.accept(from, bytes);
            }
        };
        carry(way, datagram.clone(), false, arrive);
        LinkQuality quality = lane(way).quality;
        if (hit(quality.duplicate())) {
            carry(way, datagram.clone(), false, arrive);
        }
    }

    /**
     * Opens one direction of a byte stream. What is written travels in random pieces of 1 to 64 bytes that keep their
     * order; loss and corruption strike pieces, duplicates and reordering do not occur.
     *
     * @param from sending endpoint
     * @param to receiving endpoint
     * @param receiver gets each piece
     * @return takes what is to be written
     */
    public Consumer<byte[]> pipe(String from, String to, Consumer<byte[]> receiver) {
        Way way = new Way(from, to);
        return bytes -> {
            int at = 0;
            while (at < bytes.length) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(PIECE_MAX_BYTES));
                byte[] piece = new byte[length];
                System.arraycopy(bytes, at, piece, 0, length);
                carry(way, piece, true, receiver);
                at += length;
            }
        };
    }

    /**
     * Counts what happened.
     *
     * @return totals of all links
     */
    public Counts counts() {
        return new Counts(sent, delivered, lost);
    }

    private Lane lane(Way way) {
        return lanes.computeIfAbsent(way, w -> new Lane(everywhere, scheduler.nanoTime()));
    }

    private void carry(Way way, byte[] bytes, boolean inOrder, Consumer<byte[]> receiver) {
        Lane lane = lane(way);
        LinkQuality quality = lane.quality;
        sent++;
        if (isLost(lane) || cuts.contains(way)) {
            lost++;
            return;
        }
        long now = scheduler.nanoTime();
        long rate = quality.bytesPerSecond();
        long begins = Math.max(now, lane.busyUntilNanos);
        if (rate != Long.MAX_VALUE) {
            if ((begins - now) / 1e9 * rate + bytes.length > QUEUE_MAX_BYTES) {
                lost++;
                return;
            }
            begins += (long) Math.ceil(bytes.length * 1e9 / rate);
            lane.busyUntilNanos = begins;
        }
        if (bytes.length > 0 && hit(quality.corrupt())) {
            int bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        }
        long range = quality.maxDelay().minus(quality.minDelay()).toNanos();
        long arrives = begins + quality.minDelay().toNanos() + (range == 0 ? 0 : random.nextLong(range + 1));
        if (!inOrder && hit(quality.reorder())) {
            arrives += random.nextLong(LinkQuality.HELD_BACK.toNanos());
        } else {
            arrives = Math.max(arrives, lane.lastArrivalNanos);
            lane.lastArrivalNanos = arrives;
        }
        int generation = lane.generation;
        scheduler.schedule(Duration.ofNanos(arrives - now), () -> {
            if (lane.generation == generation) {
                delivered++;
                receiver.accept(bytes);
            } else {
                lost++;
            }
        });
    }

    /**
     * Two states, a good one that loses nothing and a bad one that loses all; chosen to meet share and burst length.
     */
    private boolean isLost(Lane lane) {
        double loss = lane.quality.loss();
        if (loss == 0 || loss == 1) {
            lane.bursting = loss == 1;
        } else if (lane.bursting) {
            lane.bursting = !hit(1 / lane.quality.burst());
        } else {
            lane.bursting = hit(Math.min(1, loss / (lane.quality.burst() * (1 - loss))));
        }
        return lane.bursting;
    }

    private boolean hit(double chance) {
        return chance > 0 && random.nextDouble() < chance;
    }
}
