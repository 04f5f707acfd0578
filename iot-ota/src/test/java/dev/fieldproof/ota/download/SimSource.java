package dev.fieldproof.ota.download;

import dev.fieldproof.core.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** A source on simulated time, over a link that loses packets; each loss ends the exchange or leaves it hanging. */
final class SimSource implements BlockSource {
    final List<Long> asked = new ArrayList<>();
    long sentBytes;
    double loss;
    boolean ranges = true;
    int pieceBytes = 500;
    long cutAtSentBytes = Long.MAX_VALUE;
    Optional<SourceAnswer> answer = Optional.empty();
    byte[] file;
    Optional<String> tag = Optional.of("\"1\"");
    Runnable beforeEachPiece = () -> {};

    private final Scheduler scheduler;
    private final RandomGenerator random;

    SimSource(Scheduler scheduler, RandomGenerator random, byte[] file) {
        this.scheduler = scheduler;
        this.random = random;
        this.file = file;
    }

    @Override
    public Exchange open(long fromBytes, long toBytes, Optional<String> known, Receiver receiver) {
        asked.add(fromBytes);
        boolean[] cancelled = {false};
        boolean part = ranges && (known.isEmpty() || known.equals(tag));
        int from = part ? (int) fromBytes : 0;
        int to = part ? (int) Math.min(toBytes, file.length) : file.length;
        SourceAnswer usual = part
                ? new SourceAnswer.Part(fromBytes, OptionalLong.of(file.length), tag)
                : new SourceAnswer.Whole(OptionalLong.of(file.length), tag);
        later(cancelled, receiver, () -> {
            receiver.answered(answer.orElse(usual));
            send(cancelled, receiver, from, to);
        });
        return () -> cancelled[0] = true;
    }

    private void send(boolean[] cancelled, Receiver receiver, int from, int to) {
        if (from >= to) {
            later(cancelled, receiver, receiver::ended);
            return;
        }
        later(cancelled, receiver, () -> {
            beforeEachPiece.run();
            int length = Math.min(to - from, 1 + random.nextInt(pieceBytes));
            if (sentBytes + length > cutAtSentBytes) {
                cutAtSentBytes = Long.MAX_VALUE;
                receiver.failed(new IOException("connection reset"));
                return;
            }
            sentBytes += length;
            receiver.received(file, from, length);
            send(cancelled, receiver, from + length, to);
        });
    }

    private void later(boolean[] cancelled, Receiver receiver, Runnable task) {
        boolean lost = loss > 0 && random.nextDouble() < loss;
        boolean silent = lost && random.nextBoolean();
        scheduler.schedule(Duration.ofMillis(random.nextInt(200)), () -> {
            if (!cancelled[0] && !silent) {
                if (lost) {
                    receiver.failed(new IOException("connection reset"));
                } else {
                    task.run();
                }
            }
        });
    }
}
