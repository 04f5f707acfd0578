package dev.fieldproof.ota.download;

import dev.fieldproof.ota.download.DownloadResult.Reason;
import dev.fieldproof.ota.download.DownloadStep.Effect;
import dev.fieldproof.ota.download.DownloadStep.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides what to ask whom for, and when to stop; does no input or output, knows no clock and draws no lots. Events go
 * in, effects come out; {@link Downloader} carries them out.
 *
 * <p>The beginning of a block survives a cut as long as the same source goes on with the same content. A source that
 * has sent something is asked again after a pause; one that has sent nothing gives way to the next.
 */
final class DownloadMachine {
    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

    private enum Phase {
        PAUSED,
        ASKED,
        STREAMING,
        ENDED
    }

    private final DownloadPlan plan;
    private final DownloadRules rules;
    private final BitSet done;
    private final BitSet excluded = new BitSet();
    private final BitSet tried = new BitSet();
    private final BitSet withoutRange = new BitSet();
    private final List<Optional<String>> tags = new ArrayList<>();
    private final int[] badBlocks;
    private List<Effect> effects = new ArrayList<>();

    private Phase phase = Phase.PAUSED;
    private int source;
    private int block;
    private int runEnd;
    private int filled;
    private long skipLeft;
    private long sinceTimer;
    private long exchangeBytes;
    private int failures;
    private Duration atLeast = Duration.ZERO;
    private boolean wrongContent;
    private boolean portal;
    private long received;
    private long wasted;
    private int requests;
    private int cuts;

    DownloadMachine(DownloadPlan plan, DownloadRules rules, int sources, BitSet done) {
        this.plan = plan;
        this.rules = rules;
        this.done = done;
        this.badBlocks = new int[sources];
        for (int i = 0; i < sources; i++) {
            tags.add(Optional.empty());
        }
    }

    /** How many of the next bytes it takes at once; 0 if it takes none now. */
    long wantedBytes() {
        if (phase != Phase.STREAMING) {
            return 0;
        }
        return skipLeft > 0 ? skipLeft : plan.lengthOf(block) - filled;
    }

    /** Where in the block the next byte goes; -1 if it goes nowhere. */
    int nextIndex() {
        return skipLeft > 0 ? -1 : filled;
    }

    int blocksDone() {
        return done.cardinality();
    }

    List<Effect> on(Event event) {
        effects = new ArrayList<>();
        if (phase != Phase.ENDED) {
            step(event);
        }
        return effects;
    }

    private void step(Event event) {
        if (event instanceof Event.Begin) {
            nextRun();
        } else if (event instanceof Event.Answered answered && phase == Phase.ASKED) {
            answered(answered.answer());
        } else if (event instanceof Event.Received bytes) {
            received(bytes.length());
        } else if (event instanceof Event.Surplus bytes) {
            received += bytes.length();
            waste(bytes.length());
        } else if (event instanceof Event.Checked checked) {
            checked(checked);
        } else if (event instanceof Event.Over over && phase != Phase.PAUSED) {
            failed(over.detail());
        } else if (event instanceof Event.Time) {
            if (phase == Phase.PAUSED && exchangeBytes > 0) {
                ask(source);
            } else if (phase == Phase.PAUSED) {
                askPreferred();
            } else {
                failed("no answer or no block within " + rules.blockTimeout());
            }
        } else if (event instanceof Event.Cancelled) {
            giveUp(Reason.CANCELLED, "cancelled");
        }
    }

    /** Goes on with the first blocks that are missing. */
    private void nextRun() {
        block = done.nextClearBit(0);
        filled = 0;
        if (block >= plan.blocks()) {
            finish(new DownloadResult.Complete(counts()));
            return;
        }
        int after = done.nextSetBit(block);
        runEnd = after < 0 ? plan.blocks() : after;
        askPreferred();
    }

    private void askPreferred() {
        int best = candidate();
        if (best < 0) {
            giveUp(wrongContent ? Reason.WRONG_CONTENT : Reason.NOT_FOUND, "no source is left");
        } else {
            ask(best);
        }
    }

    /** The first source that may be asked and was not tried in this round; those that can resume come first. */
    private int candidate() {
        int fallback = -1;
        for (int i = 0; i < badBlocks.length; i++) {
            if (!excluded.get(i) && !tried.get(i)) {
                if (!withoutRange.get(i) || wantedFrom() == 0) {
                    return i;
                }
                fallback = fallback < 0 ? i : fallback;
            }
        }
        return fallback;
    }

    private long wantedFrom() {
        return plan.offsetOf(block) + filled;
    }

    private void ask(int next) {
        if (next != source) {
            dropPartial();
        }
        if (phase == Phase.ENDED) {
            return;
        }
        source = next;
        phase = Phase.ASKED;
        exchangeBytes = 0;
        skipLeft = 0;
        requests++;
        effects.add(new Effect.Open(source, wantedFrom(), plan.offsetOf(runEnd), tags.get(source)));
        armTimer();
    }

    private void armTimer() {
        sinceTimer = 0;
        effects.add(new Effect.Timer(rules.blockTimeout()));
    }

    private void dropPartial() {
        int lost = filled;
        filled = 0;
        waste(lost);
    }

    private void waste(long bytes) {
        wasted += bytes;
        if (wasted > rules.maxWasteBytes()) {
            giveUp(Reason.TOO_MUCH_WASTE, wasted + " bytes received in vain");
        }
    }

    private void answered(SourceAnswer answer) {
        if (answer instanceof SourceAnswer.Missing) {
            exclude("source " + source + " has no such file");
        } else if (answer instanceof SourceAnswer.Portal) {
            portal = true;
            failed("a page for people instead of the file");
        } else if (answer instanceof SourceAnswer.Busy busy) {
            Duration asked = busy.retryAfter().orElse(Duration.ZERO);
            Duration bounded = asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked;
            atLeast = bounded.compareTo(atLeast) > 0 ? bounded : atLeast;
            failed("source " + source + " answers with status " + busy.status());
        } else if (answer instanceof SourceAnswer.Part part) {
            part(part);
        } else if (answer instanceof SourceAnswer.Whole whole) {
            whole(whole);
        }
    }

    private boolean honestLength(OptionalLong total) {
        if (total.isPresent() && total.getAsLong() != plan.lengthBytes()) {
            wrongContent = true;
            exclude("source " + source + " has a file of " + total.getAsLong() + " bytes instead of "
                    + plan.lengthBytes());
            return false;
        }
        return true;
    }

    private void part(SourceAnswer.Part part) {
        if (!honestLength(part.totalBytes())) {
            return;
        }
        if (part.fromBytes() != wantedFrom()) {
            wrongContent = true;
            exclude("source " + source + " sends from byte " + part.fromBytes() + " instead of " + wantedFrom());
            return;
        }
        if (filled > 0 && !part.tag().equals(tags.get(source))) {
            tags.set(source, part.tag());
            dropPartial();
            failed("the file changed at source " + source);
            return;
        }
        tags.set(source, part.tag());
        phase = Phase.STREAMING;
    }

    private void whole(SourceAnswer.Whole whole) {
        if (!honestLength(whole.totalBytes())) {
            return;
        }
        boolean same = whole.tag().isPresent() && whole.tag().equals(tags.get(source));
        tags.set(source, whole.tag());
        if (wantedFrom() > 0) {
            withoutRange.set(source);
            if (!same) {
                dropPartial();
            }
            int other = candidate();
            if (other >= 0 && other != source && !withoutRange.get(other)) {
                effects.add(new Effect.Close());
                ask(other);
                return;
            }
            if (wasted + wantedFrom() > rules.maxWasteBytes()) {
                giveUp(Reason.TOO_MUCH_WASTE, "source " + source + " cannot resume at byte " + wantedFrom());
                return;
            }
        }
        skipLeft = wantedFrom();
        if (phase == Phase.ASKED) {
            phase = Phase.STREAMING;
        }
    }

    private void received(int length) {
        received += length;
        exchangeBytes += length;
        sinceTimer += length;
        if (skipLeft > 0) {
            skipLeft -= length;
            waste(length);
            if (phase != Phase.ENDED && sinceTimer >= plan.blockBytes()) {
                armTimer();
            }
            return;
        }
        filled += length;
        if (filled == plan.lengthOf(block)) {
            effects.add(new Effect.Check(block));
        }
    }

    private void checked(Event.Checked checked) {
        if (!checked.good()) {
            dropPartial();
            bad(checked.page());
            return;
        }
        done.set(block);
        filled = 0;
        failures = 0;
        portal = false;
        tried.clear();
        atLeast = Duration.ZERO;
        block++;
        if (block < runEnd) {
            armTimer();
        } else {
            effects.add(new Effect.Close());
            nextRun();
        }
    }

    private void bad(boolean page) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (page) {
            portal = true;
            exchangeBytes = 0;
            failed("a page for people instead of block " + block);
        } else if (++badBlocks[source] >= rules.maxBadBlocks()) {
            wrongContent = true;
            exclude("source " + source + " sends a wrong block " + block);
        } else {
            failed("block " + block + " of source " + source + " is wrong");
        }
    }

    private void exclude(String detail) {
        excluded.set(source);
        dropPartial();
        if (phase == Phase.ENDED) {
            return;
        }
        effects.add(new Effect.Close());
        tried.clear();
        if (excluded.cardinality() == badBlocks.length) {
            giveUp(wrongContent ? Reason.WRONG_CONTENT : Reason.NOT_FOUND, detail);
        } else {
            askPreferred();
        }
    }

    private void failed(String detail) {
        if (phase == Phase.ENDED) {
            return;
        }
        cuts += phase == Phase.STREAMING ? 1 : 0;
        failures++;
        phase = Phase.PAUSED;
        effects.add(new Effect.Close());
        if (failures >= rules.maxFailures()) {
            giveUp(portal ? Reason.CAPTIVE_PORTAL : Reason.UNREACHABLE, detail);
            return;
        }
        if (exchangeBytes == 0) {
            tried.set(source);
            int other = candidate();
            if (other >= 0) {
                ask(other);
                return;
            }
            tried.clear();
        }
        effects.add(new Effect.Pause(failures - 1, atLeast, detail));
        atLeast = Duration.ZERO;
    }

    private void giveUp(Reason reason, String detail) {
        wasted += filled;
        filled = 0;
        finish(new DownloadResult.GaveUp(reason, detail, counts()));
    }

    private void finish(DownloadResult result) {
        if (phase != Phase.ENDED) {
            phase = Phase.ENDED;
            effects.add(new Effect.Close());
            effects.add(new Effect.Finish(result));
        }
    }

    private DownloadResult.Counts counts() {
        return new DownloadResult.Counts(received, wasted, requests, cuts);
    }
}
