package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.ChipRevision;
import dev.fieldproof.serial.rom.Command;
import dev.fieldproof.serial.rom.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Brings a device from anywhere to a loader that is ready for flash commands: reset, synchronise, identify, raise the
 * speed while still in the ROM, load the stub, tell it the flash size. Pure.
 *
 * @param <R> what the session results in
 */
final class Connector<R> {
    private static final int ATTEMPTS = 7;
    private static final int SYNCS_PER_ATTEMPT = 5;
    private static final int SYNC_TIMEOUT_MILLIS = 100;
    private static final int SETTLE_MILLIS = 10;
    private static final int DETECTIONS = 8;
    private static final int MEM_BLOCK_BYTES = 0x1800;
    private static final int NO_CHIP = -1;
    private static final List<ResetSequence> RESETS =
            List.of(ResetSequence.CLASSIC, ResetSequence.CLASSIC_SLOW, ResetSequence.USB_JTAG);

    private final FlashOptions options;
    private final int flashBytes;
    private final Predicate<Chip> wantsRevision;
    private final Function<Link, Move<R>> connected;
    private final Function<String, Move<R>> gaveUp;

    /**
     * A way to a loader.
     *
     * @param flashBytes size of the flash, told to the loader
     * @param wantsRevision whether the revision of a chip is to be found out
     * @param connected what to do then
     * @param gaveUp what to do when all attempts failed, with the reason
     */
    Connector(
            FlashOptions options,
            int flashBytes,
            Predicate<Chip> wantsRevision,
            Function<Link, Move<R>> connected,
            Function<String, Move<R>> gaveUp) {
        this.options = options;
        this.flashBytes = flashBytes;
        this.wantsRevision = wantsRevision;
        this.connected = connected;
        this.gaveUp = gaveUp;
    }

    /** Where the connecting is: the attempt, and whether the high speed is still believed in. */
    private record Trial(int attempt, boolean raiseBaud, boolean loadStub) {
        Trial next() {
            return new Trial(attempt + 1, raiseBaud, loadStub);
        }
    }

    Move<R> start() {
        return attempt(new Trial(0, true, true));
    }

    private Move<R> attempt(Trial trial) {
        if (trial.attempt == ATTEMPTS) {
            return gaveUp.apply(
                    "the chip does not answer: is it in its loader (boot pin low at reset), is the port right?");
        }
        boolean lines = options.reset() == FlashOptions.Reset.AUTO;
        // Without control lines the loader may still run at the speed an interrupted session has set.
        int baud = !lines && trial.attempt % 2 == 1 ? options.baud() : FlashOptions.ROM_BAUD;
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.SetBaud(baud));
        if (lines) {
            effects.add(new Effect.Reset(RESETS.get(trial.attempt % RESETS.size())));
        }
        return sync(trial, baud, 0, effects);
    }

    private Move<R> sync(Trial trial, int baud, int tries, List<Effect> before) {
        if (tries == SYNCS_PER_ATTEMPT) {
            return attempt(trial.next());
        }
        List<Effect> effects = new ArrayList<>(before);
        if (tries % 2 == 1) {
            effects.add(new Effect.SendDelimiter());
        }
        return new Exchange("synchronise", new Command.Sync(), 0, SYNC_TIMEOUT_MILLIS)
                .run(
                        baud,
                        effects,
                        response -> detect(trial, baud, response.value() == 0, 0, NO_CHIP),
                        fault -> fault instanceof Exchange.Fault.PortLost lost
                                ? reopen(trial, lost.why())
                                : sync(trial, baud, tries + 1, List.of()));
    }

    private Move<R> reopen(Trial trial, String why) {
        if (trial.attempt == ATTEMPTS) {
            return gaveUp.apply("the port is gone: " + why);
        }
        return new Move.Await<>(
                "reopen the port",
                List.of(new Effect.Reopen()),
                0,
                event -> event instanceof Event.Lost lost ? reopen(trial.next(), lost.why()) : attempt(trial.next()));
    }

    private Move<R> retry(Trial trial, Exchange.Fault fault) {
        return fault instanceof Exchange.Fault.PortLost lost ? reopen(trial, lost.why()) : attempt(trial.next());
    }

    /** A chip is believed when two readings in a row agree: replies carry no checksum. */
    private Move<R> detect(Trial trial, int baud, boolean stub, int tries, int seen) {
        if (tries == DETECTIONS) {
            return attempt(trial.next());
        }
        return new Exchange("identify", new Command.GetSecurityInfo())
                .run(
                        baud,
                        response -> {
                            Optional<Chip> chip = chipOf(response);
                            return chip.isPresent()
                                    ? detected(trial, baud, stub, tries, seen, chip)
                                    : detectByMagic(trial, baud, stub, tries, seen);
                        },
                        fault -> fault instanceof Exchange.Fault.Nak
                                ? detectByMagic(trial, baud, stub, tries, seen)
                                : retry(trial, fault));
    }

    private Move<R> detectByMagic(Trial trial, int baud, boolean stub, int tries, int seen) {
        return new Exchange("identify", new Command.ReadReg(Chip.MAGIC_REGISTER))
                .run(
                        baud,
                        response -> detected(trial, baud, stub, tries, seen, Chip.ofMagic(response.value())),
                        fault -> retry(trial, fault));
    }

    private Move<R> detected(Trial trial, int baud, boolean stub, int tries, int seen, Optional<Chip> chip) {
        int now = chip.map(Chip::ordinal).orElse(NO_CHIP);
        if (now == NO_CHIP || now != seen) {
            return detect(trial, baud, stub, tries + 1, now);
        }
        return raiseBaud(trial, new Link(chip.orElseThrow(), stub, baud));
    }

    private static Optional<Chip> chipOf(Response response) {
        int bytes = 20;
        if (response.dataBytes() < bytes + 2) {
            return Optional.empty();
        }
        ByteBuffer info = ByteBuffer.wrap(response.payload(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        return Chip.ofId(info.getInt(12));
    }

    private Move<R> raiseBaud(Trial trial, Link link) {
        if (!trial.raiseBaud
                || link.baud() == options.baud()
                || !(link.stub() || link.chip().modernRom())) {
            return loadStub(trial, link);
        }
        int old = link.stub() ? link.baud() : 0;
        Link faster = new Link(link.chip(), link.stub(), options.baud());
        return new Exchange("change speed", new Command.ChangeBaud(options.baud(), old))
                .run(
                        link.baud(),
                        response -> new Move.Await<>(
                                "change speed",
                                List.of(new Effect.SetBaud(options.baud())),
                                SETTLE_MILLIS,
                                event -> event instanceof Event.Received
                                        ? new Move.KeepWaiting<>()
                                        : loadStub(trial, faster)),
                        fault -> retry(trial, fault));
    }

    /** If nothing is understood at the high speed, the next attempt stays at the low one. */
    private Move<R> retrySlower(Trial trial, Exchange.Fault fault) {
        boolean unanswered = fault instanceof Exchange.Fault.NoReply;
        return retry(new Trial(trial.attempt, trial.raiseBaud && !unanswered, trial.loadStub), fault);
    }

    private Move<R> loadStub(Trial trial, Link link) {
        if (link.stub() || options.stub().isEmpty()) {
            return attach(trial, link);
        }
        return loadSegment(trial, link, options.stub().get(), 0);
    }

    private Move<R> loadSegment(Trial trial, Link link, Stub stub, int index) {
        if (index == stub.segments().size()) {
            return startStub(trial, link, stub);
        }
        Stub.Segment segment = stub.segments().get(index);
        int blocks = (segment.bytes().length + MEM_BLOCK_BYTES - 1) / MEM_BLOCK_BYTES;
        Command begin = new Command.MemBegin(segment.bytes().length, blocks, MEM_BLOCK_BYTES, segment.address());
        return new Exchange("load stub", begin)
                .run(
                        link.baud(),
                        response -> loadBlock(trial, link, stub, index, 0),
                        fault -> retrySlower(trial, fault));
    }

    private Move<R> loadBlock(Trial trial, Link link, Stub stub, int index, int sequence) {
        byte[] bytes = stub.segments().get(index).bytes();
        int from = sequence * MEM_BLOCK_BYTES;
        if (from >= bytes.length) {
            return loadSegment(trial, link, stub, index + 1);
        }
        byte[] block = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + MEM_BLOCK_BYTES));
        return new Exchange("load stub", new Command.MemData(sequence, block))
                .run(
                        link.baud(),
                        response -> loadBlock(trial, link, stub, index, sequence + 1),
                        fault -> retrySlower(trial, fault));
    }

    /** The reply to the last command may be lost in the jump; the greeting counts. */
    private Move<R> startStub(Trial trial, Link link, Stub stub) {
        Command end = new Command.MemEnd(false, stub.entry());
        return new Move.Await<>("start stub", List.of(new Effect.Send(end)), Exchange.DEFAULT_TIMEOUT_MILLIS, event -> {
            if (event instanceof Event.Received received) {
                return Arrays.equals(received.packet(), Command.Greeting.bytes())
                        ? attach(trial, new Link(link.chip(), true, link.baud()))
                        : new Move.KeepWaiting<>();
            }
            return event instanceof Event.Lost lost ? reopen(trial, lost.why()) : attempt(trial.next());
        });
    }

    private Move<R> attach(Trial trial, Link link) {
        if (link.stub() || !link.chip().modernRom()) {
            return setFlashSize(trial, link);
        }
        return new Exchange("attach flash", new Command.SpiAttach(true))
                .run(link.baud(), response -> setFlashSize(trial, link), fault -> retrySlower(trial, fault));
    }

    private Move<R> setFlashSize(Trial trial, Link link) {
        if (!link.stub() && !link.chip().modernRom()) {
            return connected.apply(link);
        }
        return new Exchange("set flash size", new Command.SpiSetParams(flashBytes))
                .run(
                        link.baud(),
                        response -> wantsRevision.test(link.chip())
                                ? revision(trial, link, Map.of(), Map.of())
                                : connected.apply(link),
                        fault -> retrySlower(trial, fault));
    }

    /** Like the chip, its revision is believed when two readings in a row agree. */
    private Move<R> revision(Trial trial, Link link, Map<Integer, Integer> before, Map<Integer, Integer> read) {
        List<Integer> registers = ChipRevision.registers(link.chip());
        if (read.size() == registers.size()) {
            return read.equals(before)
                    ? connected.apply(
                            new Link(link.chip(), link.stub(), link.baud(), ChipRevision.of(link.chip(), read)))
                    : before.isEmpty() ? revision(trial, link, read, Map.of()) : attempt(trial.next());
        }
        int address = registers.get(read.size());
        return new Exchange("read revision", new Command.ReadReg(address))
                .run(
                        link.baud(),
                        response -> {
                            Map<Integer, Integer> more = new HashMap<>(read);
                            more.put(address, response.value());
                            return revision(trial, link, before, Map.copyOf(more));
                        },
                        // A chip that was locked does not let its memory be read; its loader will refuse more than
                        // that.
                        fault -> fault instanceof Exchange.Fault.Nak ? connected.apply(link) : retry(trial, fault));
    }
}
