package dev.fieldproof.core.transport;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One direction of a connection, with the faults of the moment on every packet. Runs in the mailbox. */
final class Link {
    private final Mailbox mailbox;
    private final RandomGenerator random;
    private final Supplier<Faults> faults;
    private final BiConsumer<Packet, Runnable> meddler;
    private final BooleanSupplier silent;
    private final Consumer<Packet> receiver;
    private final Deque<UnderWay> underWay = new ArrayDeque<>();
    private boolean open = true;

    /**
     * Makes an open one.
     *
     * @param faults asked for each packet
     * @param meddler decides when and how often a packet goes on its way, for tests that aim at one packet
     * @param silent whether packets vanish without a trace, asked at departure and arrival
     * @param receiver gets what arrives
     */
    Link(
            Mailbox mailbox,
            RandomGenerator random,
            Supplier<Faults> faults,
            BiConsumer<Packet, Runnable> meddler,
            BooleanSupplier silent,
            Consumer<Packet> receiver) {
        this.mailbox = mailbox;
        this.random = random;
        this.faults = faults;
        this.meddler = meddler;
        this.silent = silent;
        this.receiver = receiver;
    }

    private record UnderWay(
            long dueNanos,
            @Nullable Packet packet,
            @Nullable Runnable end) {}

    void close() {
        open = false;
        underWay.clear();
    }

    void send(Packet packet) {
        meddler.accept(packet, () -> depart(packet));
    }

    private void depart(Packet packet) {
        Faults now = faults.get();
        if (!open || silent.getAsBoolean() || hit(now.drop())) {
            return;
        }
        sendOnce(packet, now);
        if (hit(now.duplicate())) {
            sendOnce(packet, now);
        }
    }

    /** Runs a task at the far end after everything sent before has arrived, unless the hop is silent by then. */
    void finish(Runnable atFarEnd) {
        enqueue(new UnderWay(mailbox.nanoTime(), null, atFarEnd));
    }

    private void sendOnce(Packet packet, Faults now) {
        if (hit(now.reorder())) {
            mailbox.after(delay(now).plusNanos(random.nextLong(Faults.HELD_BACK.toNanos())), () -> arrive(packet));
        } else if (underWay.isEmpty() && now.maxDelay().isZero()) {
            mailbox.execute(() -> arrive(packet));
        } else {
            enqueue(new UnderWay(mailbox.nanoTime() + delay(now).toNanos(), packet, null));
        }
    }

    private void enqueue(UnderWay last) {
        underWay.add(last);
        if (underWay.size() == 1) {
            armFirst(last);
        }
    }

    private void armFirst(UnderWay first) {
        mailbox.after(Duration.ofNanos(Math.max(0, first.dueNanos - mailbox.nanoTime())), this::deliver);
    }

    private void deliver() {
        UnderWay first = underWay.peek();
        while (first != null && first.dueNanos <= mailbox.nanoTime()) {
            underWay.remove();
            if (first.packet != null) {
                arrive(first.packet);
            } else if (first.end != null && open && !silent.getAsBoolean()) {
                first.end.run();
            }
            first = underWay.peek();
        }
        if (first != null) {
            armFirst(first);
        }
    }

    private void arrive(Packet packet) {
        if (open && !silent.getAsBoolean()) {
            receiver.accept(packet);
        }
    }

    private Duration delay(Faults now) {
        long min = now.minDelay().toNanos();
        long range = now.maxDelay().toNanos() - min;
        return Duration.ofNanos(range == 0 ? min : min + random.nextLong(range + 1));
    }

    private boolean hit(double chance) {
        return chance > 0 && random.nextDouble() < chance;
    }
}
