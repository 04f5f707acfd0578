package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.rom.Command;
import dev.fieldproof.serial.rom.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that do one thing: identify, compare, erase, read. Each fault connects anew and goes on where it was. Pure:
 * see {@link Move}.
 *
 * @param <T> what the errand brings back
 */
final class Errand<T> {
    private static final int MD5_MILLIS_PER_MIB = 8000;
    private static final int ERASE_MILLIS_PER_MIB = 40_000;
    private static final int ROM_READ_BYTES = 64;

    private final FlashOptions options;
    private final int flashBytes;

    Errand(FlashOptions options, int flashBytes) {
        this.options = options;
        this.flashBytes = flashBytes;
    }

    /** What is done once connected; called again after a fault. */
    @FunctionalInterface
    private interface Task<T> {
        Move<Outcome<T>> go(Link link, int faults);
    }

    private Move<Outcome<T>> run(Task<T> task, int faults) {
        return new Connector<Outcome<T>>(
                        options,
                        flashBytes,
                        chip -> false,
                        link -> task.go(link, faults),
                        why -> failed("connect", why))
                .start();
    }

    private Function<Exchange.Fault, Move<Outcome<T>>> retry(String stage, Task<T> task, int faults) {
        return fault -> faults >= options.maxFaultsInARow()
                ? failed(stage, "too many faults, the last one: " + fault)
                : run(task, faults + 1);
    }

    private static <T> Move<Outcome<T>> failed(String stage, String reason) {
        return new Move.Finish<>(new Outcome.Failed<>(stage, reason));
    }

    private static String needsStub(Link link) {
        return "the ROM of " + link.chip() + " cannot: give a stub";
    }

    private Move<Outcome<T>> done(T value) {
        Outcome<T> outcome = new Outcome.Done<>(value);
        if (options.reset() == FlashOptions.Reset.NONE) {
            return new Move.Finish<>(outcome);
        }
        return new Move.Await<>(
                "start the application",
                List.of(new Effect.Reset(ResetSequence.RUN)),
                0,
                event -> event instanceof Event.Received ? new Move.KeepWaiting<>() : new Move.Finish<>(outcome));
    }

    private static int timeout(int millisPerMib, int bytes) {
        return Exchange.DEFAULT_TIMEOUT_MILLIS + (int) (((long) millisPerMib * bytes) >> 20);
    }

    static Move<Outcome<DeviceInfo>> identify(FlashOptions options, int flashBytes) {
        Errand<DeviceInfo> errand = new Errand<>(options, flashBytes);
        return errand.run((link, faults) -> errand.done(new DeviceInfo(link.chip(), link.stub())), 0);
    }

    static Move<Outcome<List<String>>> compare(FlashOptions options, int flashBytes, List<FlashPart> parts) {
        Errand<List<String>> errand = new Errand<>(options, flashBytes);
        return errand.run(errand.comparing(parts, List.of()), 0);
    }

    private static <U> List<U> plus(List<U> list, U last) {
        List<U> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }

    @SuppressWarnings("unchecked") // only called where T is a list of names
    private Task<T> comparing(List<FlashPart> parts, List<String> different) {
        return (link, faults) -> {
            if (parts.isEmpty()) {
                return done((T) different);
            }
            if (!link.modern()) {
                return failed("compare", needsStub(link));
            }
            FlashPart part = parts.get(0);
            int length = part.bytes().length;
            byte[] expected = Expected.md5(part, 0, length);
            Command ask = new Command.SpiFlashMd5(part.offset(), length);
            List<FlashPart> rest = parts.subList(1, parts.size());
            return new Exchange("compare", ask, link.md5Bytes(), timeout(MD5_MILLIS_PER_MIB, length))
                    .run(
                            link.baud(),
                            reply -> comparing(
                                            rest,
                                            Expected.matches(reply, link, expected)
                                                    ? different
                                                    : plus(different, part.name()))
                                    .go(link, faults),
                            retry("compare", comparing(parts, different), faults));
        };
    }

    static Move<Outcome<Integer>> erase(FlashOptions options, int flashBytes, Run sectors) {
        Errand<Integer> errand = new Errand<>(options, flashBytes);
        return errand.run(errand.erasing(sectors), 0);
    }

    /** A ROM has no command that only erases; a write that is begun and never filled does the same. */
    @SuppressWarnings("unchecked") // only called where T is a count of bytes
    private Task<T> erasing(Run sectors) {
        return (link, faults) -> {
            if (!link.modern() && !OldRom.erasesNoMore(sectors.from(), sectors.length())) {
                return failed("erase", "the ROM of " + link.chip() + " would erase the next sector too: give a stub");
            }
            int size = link.modern() ? sectors.length() : OldRom.eraseSize(sectors.from(), sectors.length());
            Command command = link.stub()
                    ? new Command.EraseRegion(sectors.from(), sectors.length())
                    : new Command.FlashBegin(false, size, 0, link.blockBytes(), sectors.from(), link.encryptedWord());
            return new Exchange("erase", command, 0, timeout(ERASE_MILLIS_PER_MIB, sectors.length()))
                    .run(
                            link.baud(),
                            reply -> done((T) (Integer) sectors.length()),
                            retry("erase", erasing(sectors), faults));
        };
    }

    static Move<Outcome<List<byte[]>>> read(FlashOptions options, int flashBytes, Run range) {
        Errand<List<byte[]>> errand = new Errand<>(options, flashBytes);
        return errand.run(errand.reading(range, new Chunks(null, new byte[0], 0)), 0);
    }

    /** What has been read, newest first, so that adding to it copies nothing. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunks(@Nullable Chunks before, byte[] last, int total) {
        Chunks plus(byte[] next) {
            return new Chunks(this, next, total + next.length);
        }

        List<byte[]> list() {
            List<byte[]> list = new ArrayList<>();
            for (Chunks at = this; at != null; at = at.before) {
                list.add(at.last);
            }
            Collections.reverse(list);
            return list;
        }
    }

    @SuppressWarnings("unchecked") // only called where T is a list of chunks
    private Task<T> reading(Run range, Chunks soFar) {
        return (link, faults) -> {
            int left = range.length() - soFar.total();
            if (left == 0) {
                return done((T) soFar.list());
            }
            if (!link.modern()) {
                return failed("read", needsStub(link));
            }
            int at = range.from() + soFar.total();
            Run chunk = new Run(at, Math.min(left, FlashPart.SECTOR_BYTES));
            Function<Exchange.Fault, Move<Outcome<T>>> retry = retry("read", reading(range, soFar), faults);
            Function<byte[], Move<Outcome<T>>> then =
                    bytes -> confirm(link, chunk, bytes, reading(range, soFar.plus(bytes)), retry);
            return link.stub() ? stream(link, chunk, then, retry) : slow(link, chunk, new byte[0], then, retry);
        };
    }

    /** Believes a chunk only if the chip's MD5 agrees. */
    private Move<Outcome<T>> confirm(
            Link link, Run chunk, byte[] bytes, Task<T> next, Function<Exchange.Fault, Move<Outcome<T>>> retry) {
        byte[] md5 = Expected.newMd5().digest(bytes);
        Command ask = new Command.SpiFlashMd5(chunk.from(), chunk.length());
        return new Exchange("check what was read", ask, link.md5Bytes(), Exchange.DEFAULT_TIMEOUT_MILLIS)
                .run(
                        link.baud(),
                        reply -> Expected.matches(reply, link, md5)
                                ? next.go(link, 0)
                                : retry.apply(new Exchange.Fault.NoReply()),
                        retry);
    }

    private Move<Outcome<T>> slow(
            Link link,
            Run chunk,
            byte[] soFar,
            Function<byte[], Move<Outcome<T>>> then,
            Function<Exchange.Fault, Move<Outcome<T>>> retry) {
        if (soFar.length == chunk.length()) {
            return then.apply(soFar);
        }
        int length = Math.min(ROM_READ_BYTES, chunk.length() - soFar.length);
        Command ask = new Command.ReadFlashSlow(chunk.from() + soFar.length, length);
        return new Exchange("read", ask, ROM_READ_BYTES, Exchange.DEFAULT_TIMEOUT_MILLIS)
                .run(
                        link.baud(),
                        (Response reply) -> {
                            byte[] longer = Arrays.copyOf(soFar, soFar.length + length);
                            System.arraycopy(reply.payload(length), 0, longer, soFar.length, length);
                            return slow(link, chunk, longer, then, retry);
                        },
                        retry);
    }

    /** One packet per request: the packet, our acknowledgement, the stub's MD5 of it. */
    private Move<Outcome<T>> stream(
            Link link,
            Run chunk,
            Function<byte[], Move<Outcome<T>>> then,
            Function<Exchange.Fault, Move<Outcome<T>>> retry) {
        Command ask = new Command.ReadFlash(chunk.from(), chunk.length(), FlashPart.SECTOR_BYTES, 1);
        return new Exchange("read", ask)
                .run(
                        link.baud(),
                        reply -> packet(
                                List.of(),
                                chunk.length(),
                                retry,
                                bytes -> packet(
                                        List.of(new Effect.Acknowledge(bytes.length)),
                                        16,
                                        retry,
                                        md5 -> then.apply(bytes))),
                        retry);
    }

    private Move<Outcome<T>> packet(
            List<Effect> before,
            int length,
            Function<Exchange.Fault, Move<Outcome<T>>> retry,
            Function<byte[], Move<Outcome<T>>> then) {
        return new Move.Await<>("read", before, Exchange.DEFAULT_TIMEOUT_MILLIS, event -> {
            if (event instanceof Event.Received received) {
                return received.packet().length == length
                        ? then.apply(received.packet())
                        : retry.apply(new Exchange.Fault.NoReply());
            }
            return retry.apply(
                    event instanceof Event.Lost lost
                            ? new Exchange.Fault.PortLost(lost.why())
                            : new Exchange.Fault.NoReply());
        });
    }
}
