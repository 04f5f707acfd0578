package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.NOW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.crdt.store.BootSlots;
import dev.fieldproof.crdt.store.FileReplicaStore;
import dev.fieldproof.crdt.sync.SyncCodec;
import dev.fieldproof.crdt.sync.SyncMessage;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of the format: the examples of FORMAT.md, and what becomes of bytes that break its rules. */
class FormatTest {
    private static final WriterId WRITER = new WriterId(0x1122334455667788L);

    static byte[] example(String name) throws IOException {
        String document = Files.readString(Path.of("FORMAT.md"));
        Matcher found =
                Pattern.compile("```hex " + name + "\n(.*?)```", Pattern.DOTALL).matcher(document);
        assertTrue(found.find(), "FORMAT.md has no example '" + name + "'");
        String digits = found.group(1).replaceAll("(?m)#.*$", "").replaceAll("\\s", "");
        return HexFormat.of().parseHex(digits);
    }

    private static LwwMap map() {
        return new LwwMap(
                new Boot(WRITER, 1, 7),
                Fixtures.keys(200),
                StampPolicy.of(key -> key < 100 ? WRITER : WriterId.SHARED, java.time.Duration.ofMinutes(5)),
                new SimClock(NOW),
                new SplittableRandom(1));
    }

    private static Delta decode(byte[] bytes) throws WireException {
        return Delta.decode(ByteBuffer.wrap(bytes), WireBudget.DEFAULT);
    }

    @Test
    void readsTheExampleOfADelta() throws IOException, WireException {
        Delta delta = decode(example("delta"));
        assertEquals(new Version(0x0102030405060708L, 5), delta.from());
        assertEquals(new Version(0x0102030405060708L, 9), delta.to());
        LwwMap map = map();
        LwwMap reader = new LwwMap(
                new Boot(new WriterId(9), 0, 1),
                map.keys(),
                StampPolicy.ownedBy(WRITER),
                new SimClock(NOW),
                new SplittableRandom(1));
        assertEquals(new MergeReport(4, 4, 0, 0, 0, 0), reader.apply(delta));
        assertEquals(Optional.of(Value.of(21.5)), reader.get(3));
        assertEquals(Optional.of(Value.of(21.75)), reader.get(4));
        assertEquals(Optional.of(Value.of("on")), reader.get(6));
        assertEquals(Optional.empty(), reader.get(7));
        assertEquals(
                new Dot(new Boot(WRITER, 1, 7), 43),
                reader.entry(7).orElseThrow().stamp());
    }

    @Test
    void writesTheExampleOfADelta() throws IOException {
        DeltaBatch batch = new DeltaBatch();
        Boot boot = new Boot(WRITER, 1, 7);
        batch.add(7, false, boot, 43, Kind.REMOVED, 0, null);
        batch.add(3, false, boot, 40, Kind.REAL, Double.doubleToRawLongBits(21.5), null);
        batch.add(4, false, boot, 41, Kind.REAL, Double.doubleToRawLongBits(21.75), null);
        batch.add(6, false, boot, 42, Kind.TEXT, 0, "on");
        byte[] bytes = batch.encode(new Version(0x0102030405060708L, 5), 9, List.of(), 9, new byte[0]);
        assertEquals(HexFormat.of().formatHex(example("delta")), HexFormat.of().formatHex(bytes));
    }

    @Test
    void readsAndWritesTheExampleOfHave() throws IOException, WireException {
        SyncMessage.Have have = new SyncMessage.Have(
                new Boot(WRITER, 1, 7),
                new Version(0x0102030405060708L, 9),
                Version.NONE,
                4,
                1000,
                true,
                List.of(new BootTrail.Mark(7, 5), new BootTrail.Mark(6, 258)));
        assertEquals(have, SyncCodec.decode(example("have"), WireBudget.DEFAULT));
        assertArrayEquals(example("have"), SyncCodec.encode(have));
    }

    static Stream<Arguments> reconciliation() {
        int[] fives = new int[34];
        Arrays.fill(fives, 5);
        byte[] coarse = new byte[16];
        coarse[1] = 4;
        long digest = 0x1112131415161718L;
        int salt = 0x01020304;
        Version log = new Version(0x0102030405060708L, 0);
        byte[] empty = new DeltaBatch().encode(log, 0, List.of(), 0, new byte[0]);
        return Stream.of(
                Arguments.of("ask", new SyncMessage.Ask(salt, 1000, digest)),
                Arguments.of("answer-equal", new SyncMessage.Answer(salt, digest, new int[0], new byte[0])),
                Arguments.of("answer", new SyncMessage.Answer(salt, 0x2122232425262728L, fives, coarse)),
                Arguments.of("ask-more", new SyncMessage.AskMore(salt, 35, 2, new byte[] {1, 0, 0, 0, 0, -128})),
                Arguments.of("groups", new SyncMessage.Groups(salt, 2, 1, 0, new int[] {5, 10, 20, 0, 0, 0})),
                Arguments.of("compare", new SyncMessage.Compare(salt, new int[] {5}, true, sound(empty))),
                Arguments.of("compared", new SyncMessage.Compared(salt, digest)));
    }

    private static Delta sound(byte[] bytes) {
        try {
            return decode(bytes);
        } catch (WireException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reconciliation")
    void readsAndWritesTheExamplesOfAReconciliation(String name, SyncMessage message)
            throws IOException, WireException {
        assertEquals(HexFormat.of().formatHex(example(name)), HexFormat.of().formatHex(SyncCodec.encode(message)));
        SyncMessage read = SyncCodec.decode(example(name), WireBudget.DEFAULT);
        assertEquals(message.getClass(), read.getClass());
        assertArrayEquals(example(name), SyncCodec.encode(read));
    }

    @Test
    void readsAndWritesTheExamplesOfFiles(@TempDir Path directory) throws IOException {
        BootSlots.Slot slot = new BootSlots.Slot(1, 7, List.of(new BootTrail.Mark(7, 5), new BootTrail.Mark(6, 258)));
        assertEquals(Optional.of(slot), BootSlots.decode(example("boot-slot")));
        assertArrayEquals(example("boot-slot"), BootSlots.encode(slot));
        byte[] framed = example("record");
        byte[] content = Arrays.copyOfRange(framed, 8, framed.length);
        try (FileReplicaStore store = new FileReplicaStore(directory)) {
            store.recover();
            store.append(content);
            assertArrayEquals(framed, Files.readAllBytes(directory.resolve("log.0")));
            store.checkpoint(content);
            assertArrayEquals(framed, Files.readAllBytes(directory.resolve("checkpoint.1")));
        }
    }

    @Test
    void whatLaterVersionsAddToAGreetingIsPassedOver() throws IOException, WireException {
        for (String name : List.of("have", "ask", "compared")) {
            byte[] known = example(name);
            assertEquals(
                    SyncCodec.decode(known, WireBudget.DEFAULT),
                    SyncCodec.decode(Arrays.copyOf(known, known.length + 3), WireBudget.DEFAULT));
        }
    }

    @Test
    void unknownSectionsAndKindsSurvive() throws IOException, WireException {
        byte[] known = example("delta");
        byte[] bytes = Arrays.copyOf(known, known.length + 5);
        bytes[known.length] = 42;
        bytes[known.length + 1] = 3;
        Delta delta = decode(bytes);
        assertArrayEquals(bytes, delta.toByteArray());
        Delta next = decode(map().deltaSince(Version.NONE).toByteArray());
        assertThrows(IllegalArgumentException.class, () -> delta.join(next));
        Delta joined = delta.join(delta);
        assertEquals(bytes.length + 5, joined.sizeBytes(), "both sections are kept");
        LwwMap map = map();
        map.put(1, new Value.Opaque(11, new byte[] {1, 2, 3}));
        LwwMap relay = map();
        Delta passed = decode(map.deltaSince(Version.NONE).toByteArray());
        assertEquals(1, passed.size());
        assertEquals(1, relay.apply(passed).clashes(), "its own life from elsewhere");
    }

    @Test
    void namesTheByteAndTheRuleThatIsBroken() throws IOException {
        byte[] bytes = example("delta");
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            WireException e = assertThrows(WireException.class, () -> decode(cut));
            assertTrue(e.offsetBytes() <= cut.length);
            assertEquals(0, e.getStackTrace().length);
        }
        bytes[1] = 2;
        WireException version = assertThrows(WireException.class, () -> decode(bytes));
        assertEquals("at byte 1: the format version is 1", version.getMessage());
        WireBudget small = new WireBudget(8, 1);
        assertThrows(WireException.class, () -> Delta.decode(ByteBuffer.wrap(bytes), small));
    }

    @Test
    void entriesBeyondTheBudgetAreRefusedBeforeAnythingIsAllocated() throws IOException {
        byte[] bytes = example("delta");
        assertThrows(WireException.class, () -> Delta.decode(ByteBuffer.wrap(bytes), new WireBudget(1 << 20, 3)));
    }

    /** A delta with values of every kind. */
    static byte[] bigDelta() {
        LwwMap map = map();
        SplittableRandom random = new SplittableRandom(5);
        for (int key = 0; key < 200; key++) {
            switch (key % 5) {
                case 0 -> map.put(key, Value.of("text" + key));
                case 1 -> map.putReal(key, random.nextDouble());
                case 2 -> map.putInt(key, key);
                case 3 -> map.put(key, Value.of(key % 2 == 0));
                default -> map.put(key, Value.of(new byte[key]));
            }
        }
        return map.deltaSince(Version.NONE).toByteArray();
    }
}
