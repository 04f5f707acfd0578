package dev.fieldproof.ota.download;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.ota.download.DownloadStep.Effect;
import dev.fieldproof.ota.download.DownloadStep.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Carries out the effects of one {@link DownloadMachine}, one event at a time. */
final class RunningDownload implements Downloader.Download {
    private static final int SNIFF_BYTES = 256;

    private final List<BlockSource> sources;
    private final DownloadRules rules;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final DownloadPlan plan;
    private final BlockSink sink;
    private final Consumer<DownloadEvent> progress;
    private final DownloadMachine machine;
    private final byte[] buffer;
    private final CompletableFuture<DownloadResult> result = new CompletableFuture<>();

    private int generation;
    private BlockSource.@Nullable Exchange exchange;
    private Scheduler.@Nullable Cancellable timer;

    RunningDownload(
            List<BlockSource> sources,
            DownloadRules rules,
            Scheduler scheduler,
            RandomGenerator random,
            DownloadPlan plan,
            BlockSink sink,
            Consumer<DownloadEvent> progress)
            throws IOException {
        this.sources = sources;
        this.rules = rules;
        this.scheduler = scheduler;
        this.random = random;
        this.plan = plan;
        this.sink = sink;
        this.progress = progress;
        this.buffer = new byte[plan.lengthOf(0)];
        BitSet done = new BitSet(plan.blocks());
        for (int i = 0; i < plan.blocks(); i++) {
            done.set(i, sink.has(i));
        }
        machine = new DownloadMachine(plan, rules, sources.size(), done);
    }

    @Override
    public CompletableFuture<DownloadResult> result() {
        return result;
    }

    @Override
    public void cancel() {
        dispatch(new Event.Cancelled());
    }

    void begin() {
        dispatch(new Event.Begin());
    }

    private synchronized void dispatch(Event first) {
        Deque<Event> events = new ArrayDeque<>(List.of(first));
        while (!events.isEmpty()) {
            for (Effect effect : machine.on(events.remove())) {
                try {
                    Optional<Event> next = carryOut(effect);
                    next.ifPresent(events::add);
                } catch (IOException | RuntimeException e) {
                    // Also what a sink or a listener throws unchecked: a download never hangs, it ends with the cause.
                    machine.on(new Event.Cancelled());
                    stop();
                    result.completeExceptionally(e);
                    return;
                }
            }
        }
    }

    private Optional<Event> carryOut(Effect effect) throws IOException {
        if (effect instanceof Effect.Open open) {
            closeExchange();
            progress.accept(new DownloadEvent.Asking(open.source(), open.fromBytes()));
            exchange = sources.get(open.source())
                    .open(open.fromBytes(), open.toBytes(), open.tag(), new Hearing(generation));
        } else if (effect instanceof Effect.Close) {
            closeExchange();
        } else if (effect instanceof Effect.Timer wait) {
            arm(wait.delay());
        } else if (effect instanceof Effect.Pause pause) {
            Duration drawn = rules.backoff().wait(pause.failures(), random);
            Duration delay =
                    drawn.compareTo(pause.atLeast()) < 0 ? pause.atLeast().plus(drawn) : drawn;
            progress.accept(new DownloadEvent.Waiting(pause.detail(), delay));
            arm(delay);
        } else if (effect instanceof Effect.Check check) {
            return Optional.of(check(check.block()));
        } else if (effect instanceof Effect.Finish finish) {
            stop();
            result.complete(finish.result());
        }
        return Optional.empty();
    }

    private Event check(int block) throws IOException {
        int length = plan.lengthOf(block);
        if (!plan.hashes().matches(block, buffer, 0, length)) {
            return new Event.Checked(false, looksLikePage(buffer, length));
        }
        sink.place(block, buffer, length);
        progress.accept(new DownloadEvent.BlockDone(machine.blocksDone() + 1, plan.blocks()));
        return new Event.Checked(true, false);
    }

    /** A captive portal may send its page under any content type. */
    private static boolean looksLikePage(byte[] bytes, int length) {
        String start = new String(bytes, 0, Math.min(length, SNIFF_BYTES), StandardCharsets.ISO_8859_1)
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }

    private void closeExchange() {
        generation++;
        if (exchange != null) {
            exchange.cancel();
            exchange = null;
        }
    }

    private void arm(Duration delay) {
        if (timer != null) {
            timer.cancel();
        }
        int armedIn = generation;
        timer = scheduler.schedule(delay, () -> timeOut(armedIn));
    }

    private synchronized void timeOut(int armedIn) {
        if (armedIn == generation) {
            dispatch(new Event.Time());
        }
    }

    private void stop() {
        closeExchange();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Passes on what one exchange says for as long as it is the open one. */
    private final class Hearing implements BlockSource.Receiver {
        private final int own;

        Hearing(int own) {
            this.own = own;
        }

        @Override
        public void answered(SourceAnswer answer) {
            tell(new Event.Answered(answer));
        }

        @Override
        public void received(byte[] bytes, int offset, int length) {
            synchronized (RunningDownload.this) {
                int at = offset;
                int end = offset + length;
                while (own == generation && at < end) {
                    int take = (int) Math.min(machine.wantedBytes(), end - at);
                    if (take == 0) {
                        break;
                    }
                    int into = machine.nextIndex();
                    if (into >= 0) {
                        System.arraycopy(bytes, at, buffer, into, take);
                    }
                    at += take;
                    dispatch(new Event.Received(take));
                }
                if (at < end && !result.isDone()) {
                    dispatch(new Event.Surplus(end - at));
                }
            }
        }

        @Override
        public void ended() {
            tell(new Event.Over("the source ended before its time"));
        }

        @Override
        public void failed(IOException cause) {
            tell(new Event.Over(cause.toString()));
        }

        private void tell(Event event) {
            synchronized (RunningDownload.this) {
                if (own == generation) {
                    dispatch(event);
                }
            }
        }
    }
}
