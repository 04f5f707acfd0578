package dev.fieldproof.serial.flash;

import dev.fieldproof.core.Digest;
import dev.fieldproof.serial.rom.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The session that brings a plan into flash, whatever the cable does. Pure: see {@link Move}.
 *
 * <pre>
 * connect -> check plan -> for each part: compare -> write what differs -> verify -> sweep if there were faults -> done
 *                                            ^            |
 *                                            +- recover <-+   resynchronise or reset, then ask which 64 KiB window of
 *                                                             the run is the first bad one and begin anew there
 * </pre>
 *
 * <p>Not final, so that a test can leave a safeguard out and see that its absence is noticed.
 *
 * <p>A data frame is never sent again and never before the one ahead is acknowledged: the loader's inflater has moved
 * on, and acknowledgements carry no number.
 */
class FlashSession {
    static final int WINDOW_BYTES = 0x1_0000;

    private static final int MD5_MILLIS_PER_MIB = 8000;
    private static final int ERASE_MILLIS_PER_MIB = 40_000;
    private static final int MIN_TIMEOUT_MILLIS = 1000;
    private static final int RESYNCS = 4;
    private static final int RESYNC_TIMEOUT_MILLIS = 250;
    private static final int MAX_FAULTS = 1000;
    private static final int PATIENT_FAULTS = 2;
    /** Up to this speed flash is always ready before the wire. */
    private static final int WIRE_BOUND_BAUD = 230_400;

    private static final int SECTOR_RESUME_BELOW_BAUD = 460_800;

    /** Reading back differs (ROM); writing failed, more than announced (stub). */
    private static final Set<Integer> FLASH_ERRORS = Set.of(0x08, 0xC4, 0xC9);

    private final FlashPlan plan;
    private final FlashOptions options;
    private final Digest digest;
    private final Optional<SessionState> earlier;
    private final Connector<FlashResult> connector;

    FlashSession(FlashPlan plan, FlashOptions options) {
        this(plan, options, Optional.empty());
    }

    /** A session that goes on with what an earlier one of the same plan left. */
    FlashSession(FlashPlan plan, FlashOptions options, Optional<SessionState> earlier) {
        this.plan = plan;
        this.digest = SessionState.digestOf(plan);
        this.earlier = earlier;
        this.options = options;
        this.connector = new Connector<>(
                options, flashBytes(), plan::needsRevision, this::connected, why -> failed("connect", why));
    }

    Move<FlashResult> start() {
        plan.streams().prepare(options.compression());
        return connector.start();
    }

    private Move<FlashResult> connected(Link link) {
        if (options.chip().isPresent() && options.chip().get() != link.chip()) {
            return refused(List.of(
                    "the chip is " + link.chip() + ", not " + options.chip().get()));
        }
        List<String> reasons = new ArrayList<>(plan.refusals(link.chip(), link.revision()));
        if (!link.modern()) {
            reasons.addAll(OldRom.refusals(plan));
        }
        if (!reasons.isEmpty()) {
            return refused(reasons);
        }
        if (earlier.isPresent() && earlier.get().chip() == link.chip()) {
            return resume(Work.of(link, earlier.get()));
        }
        return beginPart(new Work(link));
    }

    private static Move<FlashResult> refused(List<String> reasons) {
        return new Move.Finish<>(new FlashResult.Refused(reasons));
    }

    private static Move<FlashResult> failed(String stage, String reason) {
        return new Move.Finish<>(new FlashResult.Failed(stage, reason));
    }

    private FlashPart part(Work work) {
        return plan.parts().get(work.part());
    }

    private int flashBytes() {
        return plan.flashSizeBytes() > 0 ? plan.flashSizeBytes() : 4 << 20;
    }

    private int baud(Work work) {
        return work.link().baud();
    }

    private Effect report(FlashProgress.Stage stage, Work work, long doneInPart) {
        long done = doneInPart;
        for (FlashPart earlier : plan.parts().subList(0, work.part())) {
            done += earlier.bytes().length;
        }
        return new Effect.Report(new FlashProgress(stage, part(work).name(), done, plan.totalBytes()));
    }

    // Comparing

    Move<FlashResult> beginPart(Work work) {
        if (work.part() == plan.parts().size()) {
            boolean sweep = work.link().modern() && work.faults() > 0 && !work.sweeping();
            return sweep ? beginPart(work.sweep()) : finish(work);
        }
        int size = part(work).bytes().length;
        boolean compare = work.link().modern() && (options.differential() || work.faults() > 0);
        return compare ? compare(work, Comparison.of(size)) : write(work.withRuns(List.of(new Run(0, size))));
    }

    private Move<FlashResult> compare(Work work, Comparison comparison) {
        Comparison.Step step = comparison.next();
        if (step instanceof Comparison.Step.Ask ask) {
            return md5(
                    FlashProgress.Stage.COMPARING,
                    work,
                    new Run(ask.from(), ask.length()),
                    equal -> compare(work, comparison.answered(equal)));
        }
        if (step instanceof Comparison.Step.Differs differs) {
            return write(work.withRuns(differs.runs()));
        }
        return beginPart(work.nextPart());
    }

    private Move<FlashResult> md5(
            FlashProgress.Stage stage, Work work, Run run, Function<Boolean, Move<FlashResult>> then) {
        FlashPart part = part(work);
        byte[] expected = Expected.md5(part, run.from(), run.length());
        Command ask = new Command.SpiFlashMd5(part.offset() + run.from(), run.length());
        int timeoutMillis = perMib(MD5_MILLIS_PER_MIB, run.length());
        return new Exchange("md5", ask, work.link().md5Bytes(), timeoutMillis)
                .run(
                        baud(work),
                        List.of(report(stage, work, stage == FlashProgress.Stage.COMPARING ? 0 : run.from())),
                        reply -> then.apply(Expected.matches(reply, work.link(), expected)),
                        fault -> recover(work, fault));
    }

    private static int perMib(int millisPerMib, int bytes) {
        return MIN_TIMEOUT_MILLIS + (int) (((long) millisPerMib * bytes) >> 20);
    }

    // Writing

    /**
     * A ROM that got a damaged size erases more than it was asked to and does not say so; a stub says so at the end.
     * What comes first behind the part is erased first, so if that is still as it was, nothing is amiss.
     */
    Move<FlashResult> write(Work work) {
        boolean silent =
                !work.link().stub() && work.link().modern() && work.guard().isEmpty();
        return silent ? guard(work, FlashPart.SECTOR_BYTES) : writeRuns(work);
    }

    /** Blank flash would not show that it was erased: the piece grows until there is something in it. */
    private Move<FlashResult> guard(Work work, int length) {
        int from = part(work).endOffset();
        Run piece = new Run(from, Math.min(length, flashBytes() - from));
        if (piece.length() <= 0) {
            return writeRuns(work);
        }
        return md5(
                work,
                piece,
                md5 -> {
                    Work guarded = work.guarding(new Work.Guard(piece, md5));
                    boolean grow = piece.length() == length && md5.equals(Expected.blankMd5(length));
                    return grow ? guard(work, 2 * length) : writeRuns(guarded);
                },
                // The flash may be smaller than the plan believes.
                () -> writeRuns(work));
    }

    private Move<FlashResult> checkGuard(Work work) {
        if (work.guard().isEmpty()) {
            return beginPart(work.nextPart());
        }
        Work.Guard guard = work.guard().get();
        return md5(
                work,
                guard.piece(),
                md5 -> beginPart((md5.equals(guard.md5()) ? work : work.suspecting()).nextPart()),
                () -> beginPart(work.suspecting().nextPart()));
    }

    private Move<FlashResult> md5(
            Work work, Run place, Function<String, Move<FlashResult>> then, Supplier<Move<FlashResult>> refused) {
        Command ask = new Command.SpiFlashMd5(place.from(), place.length());
        return new Exchange("md5", ask, work.link().md5Bytes(), perMib(MD5_MILLIS_PER_MIB, place.length()))
                .run(
                        baud(work),
                        reply -> then.apply(Expected.md5Of(reply, work.link())),
                        fault -> fault instanceof Exchange.Fault.Nak ? refused.get() : recover(work, fault));
    }

    Move<FlashResult> writeRuns(Work work) {
        return work.runs().isEmpty() ? verify(work, 0) : begin(work, work.runs().get(0));
    }

    private Move<FlashResult> begin(Work before, Run run) {
        Link link = before.link();
        FlashPart part = part(before);
        int offset = part.offset() + run.from();
        Frames frames = frames(link, before.part(), run);
        int size = link.modern() ? run.length() : OldRom.eraseSize(offset, run.length());
        Work work = link.modern() || OldRom.erasesNoMore(offset, run.length()) ? before : before.suspecting();
        Command begin = new Command.FlashBegin(
                link.modern(), size, frames.count(), link.blockBytes(), offset, link.encryptedWord());
        SessionState state = new SessionState(digest, link.chip(), work.part(), work.suspect(), work.runs());
        return new Exchange("begin", begin, 0, perMib(ERASE_MILLIS_PER_MIB, run.length()) + 3000)
                .run(
                        baud(work),
                        List.of(new Effect.Remember(state.lines())),
                        reply -> data(work, run, frames, 0),
                        fault -> recover(work, fault));
    }

    Frames frames(Link link, int part, Run run) {
        if (!link.modern()) {
            return Frames.even(OldRom.padded(plan.parts().get(part), run, link.blockBytes()), link.blockBytes());
        }
        byte[] stream = plan.streams().of(part, run, options.compression());
        return link.stub() && link.baud() > WIRE_BOUND_BAUD
                ? FramePlanner.plan(stream, link.blockBytes(), link.baud())
                : Frames.even(stream, link.blockBytes());
    }

    Move<FlashResult> data(Work work, Run run, Frames frames, int sequence) {
        if (sequence == frames.count()) {
            return end(work);
        }
        int done = (int) ((long) run.length() * frames.begin(sequence) / frames.bytes().length);
        Command block = new Command.FlashData(work.link().modern(), sequence, frames.frame(sequence));
        return new Exchange("data", block)
                .run(
                        baud(work),
                        List.of(report(FlashProgress.Stage.WRITING, work, run.from() + done)),
                        reply -> data(work, run, frames, sequence + 1),
                        fault -> recover(isOfFlash(fault) ? work.suspecting() : work, fault));
    }

    /** A write that fails for its place, not for its bytes, was begun with another place or size than asked for. */
    private static boolean isOfFlash(Exchange.Fault fault) {
        return fault instanceof Exchange.Fault.Nak nak && FLASH_ERRORS.contains(nak.error());
    }

    /** On a stub the end command waits until everything is written; on a ROM it would leave the loader. */
    Move<FlashResult> end(Work work) {
        if (!work.link().stub()) {
            return writeRuns(work.progressed().withoutFirstRun());
        }
        return new Exchange("end", new Command.FlashEnd(true, true), 0, 10_000)
                .run(
                        baud(work),
                        reply -> writeRuns(work.progressed().withoutFirstRun()),
                        fault -> recover(fault instanceof Exchange.Fault.Nak ? work.suspecting() : work, fault));
    }

    Move<FlashResult> verify(Work work, int asked) {
        if (!work.link().modern()) {
            return beginPart(work.nextPart());
        }
        Run whole = new Run(0, part(work).bytes().length);
        return md5(FlashProgress.Stage.VERIFYING, work, whole, equal -> {
            if (equal) {
                return checkGuard(work);
            }
            if (asked == 0) {
                return verify(work, 1);
            }
            Work next = work.suspecting().faulted();
            return exhausted(next)
                    ? failed("verify", part(work) + " does not read back as written")
                    : compare(next, Comparison.byWindows(whole.length()));
        });
    }

    private Move<FlashResult> finish(Work work) {
        FlashResult result =
                new FlashResult.Flashed(work.link().chip(), work.link().modern(), work.suspect());
        List<Effect> effects = new ArrayList<>(List.of(new Effect.Forget()));
        if (options.reset() == FlashOptions.Reset.AUTO) {
            effects.add(new Effect.Reset(ResetSequence.RUN));
        }
        return new Move.Await<>(
                "start the application",
                effects,
                0,
                event -> event instanceof Event.Received ? new Move.KeepWaiting<>() : new Move.Finish<>(result));
    }

    // Recovering

    private boolean exhausted(Work work) {
        return work.faultsInARow() > options.maxFaultsInARow() || work.faults() > MAX_FAULTS;
    }

    private Move<FlashResult> recover(Work before, Exchange.Fault fault) {
        Work work = before.faulted();
        if (exhausted(work)) {
            return failed("recover", "too many faults in a row, the last one: " + fault);
        }
        if (fault instanceof Exchange.Fault.PortLost) {
            return reopen(work);
        }
        return resync(work, 0);
    }

    private Move<FlashResult> reopen(Work work) {
        Effect reopen = new Effect.Reopen();
        return new Move.Await<>("reopen the port", List.of(reopen), 0, event -> {
            if (event instanceof Event.Lost lost) {
                return recover(work, new Exchange.Fault.PortLost(lost.why()));
            }
            return reconnect(work);
        });
    }

    /** Plain and with a delimiter in front, in turn: the latter for a loader that lost count of delimiters. */
    private Move<FlashResult> resync(Work work, int tries) {
        if (tries == RESYNCS) {
            return reconnect(work);
        }
        List<Effect> effects = new ArrayList<>();
        effects.add(report(FlashProgress.Stage.RECOVERING, work, 0));
        if (tries % 2 == 1) {
            effects.add(new Effect.SendDelimiter());
        }
        return new Exchange("resynchronise", new Command.Sync(), 0, RESYNC_TIMEOUT_MILLIS)
                .run(
                        baud(work),
                        effects,
                        reply -> (reply.value() == 0) == work.link().stub() ? resume(work) : reconnect(work),
                        fault -> fault instanceof Exchange.Fault.PortLost ? reopen(work) : resync(work, tries + 1));
    }

    private Move<FlashResult> reconnect(Work work) {
        return new Connector<FlashResult>(
                        options,
                        flashBytes(),
                        chip -> false,
                        link -> link.chip() == work.link().chip()
                                ? resume(work.withLink(link))
                                : refused(List.of("the chip was " + work.link().chip() + " and is now " + link.chip())),
                        why -> failed("reconnect", why))
                .start();
    }

    /** Goes on where the run stops being in flash; without a run, compares the part anew. */
    private Move<FlashResult> resume(Work work) {
        if (work.runs().isEmpty()) {
            return beginPart(work);
        }
        if (!work.link().modern()) {
            // Nobody can say what of the run is in flash: again from its beginning, in pieces of which each is a step.
            return writeRuns(work.splittingFirstRun(WINDOW_BYTES));
        }
        // Finding the sector saves sending up to a window again, but single sectors take three times as long to erase.
        boolean bySectors = baud(work) < SECTOR_RESUME_BELOW_BAUD || work.faults() > 1;
        return probe(work, work.runs().get(0), WINDOW_BYTES, bySectors);
    }

    private Move<FlashResult> probe(Work work, Run run, int unitBytes, boolean bySectors) {
        int unitEnd = (run.from() / unitBytes + 1) * unitBytes;
        Run unit = new Run(run.from(), Math.min(unitEnd, run.end()) - run.from());
        return md5(FlashProgress.Stage.RECOVERING, work, unit, equal -> {
            if (equal) {
                Run rest = new Run(unit.end(), run.end() - unit.end());
                return rest.length() == 0
                        ? writeRuns(work.progressed().withoutFirstRun())
                        : probe(work, rest, unitBytes, bySectors);
            }
            return bySectors && unitBytes > FlashPart.SECTOR_BYTES
                    ? probe(work, run, FlashPart.SECTOR_BYTES, true)
                    : goOn(work, run);
        });
    }

    /** The worse the line, the smaller the bites: only a finished one is sure to be in flash. */
    private Move<FlashResult> goOn(Work before, Run bad) {
        Work work = bad.from() > before.runs().get(0).from() ? before.progressed() : before;
        Run run = backUp(work, bad);
        int bite = work.faultsInARow() <= PATIENT_FAULTS
                ? run.length()
                : Math.max(FlashPart.SECTOR_BYTES, WINDOW_BYTES >> (work.faultsInARow() - PATIENT_FAULTS));
        return writeRuns(work.withFirstRun(run).splittingFirstRun(bite));
    }

    /** One sector earlier: a stub that finds its first sector written does not take half-erased ones for blank. */
    private static Run backUp(Work work, Run run) {
        int from = Math.max(work.runs().get(0).from(), run.from() - FlashPart.SECTOR_BYTES);
        return new Run(from, run.end() - from);
    }
}
