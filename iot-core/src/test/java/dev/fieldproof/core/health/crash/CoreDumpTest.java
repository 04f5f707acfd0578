package dev.fieldproof.core.health.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class CoreDumpTest {
    private static final int TCB = 0x3FFA_FBA0;
    private static final int STACK = 0x3FFB_4E00;

    /** A dump as the chip lays it out: header, ELF header, program headers, segments, checksum. */
    private static final class Dump {
        private static final class Segment {
            private final int type;
            private final int address;
            private final byte[] bytes;

            Segment(int type, int address, byte[] bytes) {
                this.type = type;
                this.address = address;
                this.bytes = bytes;
            }
        }

        private final List<Segment> segments = new ArrayList<>();
        private final int machine;
        private final int version;

        Dump(int machine, int version) {
            this.machine = machine;
            this.version = version;
        }

        Dump memory(int address, byte[] bytes) {
            segments.add(new Segment(1, address, bytes));
            return this;
        }

        Dump notes(byte[]... notes) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] note : notes) {
                all.writeBytes(note);
            }
            segments.add(new Segment(4, 0, all.toByteArray()));
            return this;
        }

        byte[] bytes() {
            int header = switch (version & 0xFF) {
                case 0, 1 -> 20;
                case 4 -> 12;
                default -> 24;
            };
            int data = segments.stream().mapToInt(s -> s.bytes.length).sum();
            boolean sha = (version & 0xFF) == 1 || (version & 0xFF) >= 3;
            int total = header + 52 + 32 * segments.size() + data + (sha ? 32 : 4);
            ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(0, total).putInt(4, version);
            out.position(header);
            out.put(new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            out.putShort((short) 4).putShort((short) machine).putInt(1).putInt(0); // core file, machine, version, entry
            out.putInt(52).putInt(0).putInt(0); // program headers, no sections, flags
            out.putShort((short) 52).putShort((short) 32).putShort((short) segments.size());
            out.putShort((short) 0).putShort((short) 0).putShort((short) 0);
            int at = 52 + 32 * segments.size();
            for (Segment s : segments) {
                out.putInt(s.type).putInt(at).putInt(s.address).putInt(s.address);
                out.putInt(s.bytes.length).putInt(s.bytes.length).putInt(6).putInt(0);
                at += s.bytes.length;
            }
            segments.forEach(s -> out.put(s.bytes));
            return seal(out.array(), sha);
        }
    }

    /** Writes the checksum that fits. */
    private static byte[] seal(byte[] dump, boolean sha) {
        ByteBuffer out = ByteBuffer.wrap(dump).order(ByteOrder.LITTLE_ENDIAN);
        if (sha) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(dump, 0, dump.length - 32);
                out.put(dump.length - 32, digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        } else {
            CRC32 crc = new CRC32();
            crc.update(dump, 0, dump.length - 4);
            out.putInt(dump.length - 4, (int) crc.getValue());
        }
        return dump;
    }

    private static byte[] note(String name, int type, byte[] contents) {
        byte[] text = (name + '\0').getBytes(StandardCharsets.US_ASCII);
        int padded = (text.length + 3) & ~3;
        ByteBuffer out =
                ByteBuffer.allocate(12 + padded + ((contents.length + 3) & ~3)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(text.length).putInt(contents.length).putInt(type).put(text);
        return out.position(12 + padded).put(contents).array();
    }

    private static ByteBuffer words(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static byte[] tcb(String name) {
        ByteBuffer tcb = words(340);
        tcb.position(52);
        return bytes(tcb.put(name.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] info(int version) {
        ByteBuffer info = words(72).putInt(version);
        return bytes(info.put("1b43c5e74".getBytes(StandardCharsets.US_ASCII)));
    }

    /** Task "main" stored to address 0 in a function called from two others. */
    private static Dump xtensa(int version) {
        ByteBuffer status = words(588);
        status.putInt(24, TCB).putInt(72, 0x4008_110D); // handle, program counter
        status.putInt(328, 0x8008_510C).putInt(332, STACK + 0x40); // a0: return, a1: stack pointer
        ByteBuffer stack = words(0x100);
        stack.putInt(0x30, 0x800D_66BC).putInt(0x34, STACK + 0x80); // the caller's a0 and a1
        stack.putInt(0x70, 0).putInt(0x74, STACK + 0xC0); // the outermost
        ByteBuffer extra = words(4 + 8 * 3);
        extra.putInt(TCB)
                .putInt(232)
                .putInt(29)
                .putInt(238)
                .putInt(0x10)
                .putInt(177)
                .putInt(7);
        return new Dump(0x5E, version)
                .notes(note("CORE", 1, bytes(words(588).putInt(24, 1))), note("CORE", 1, bytes(status)))
                .memory(TCB, tcb("main"))
                .memory(STACK, bytes(stack))
                .notes(
                        note("ESP_CORE_DUMP_INFO", 8266, info(version)),
                        note("ESP_EXTRA_INFO", 677, bytes(extra)),
                        note("ESP_PANIC_DETAILS", 679, "abort() was called".getBytes(StandardCharsets.US_ASCII)));
    }

    private static Dump riscV() {
        ByteBuffer status = words(204);
        status.putInt(24, TCB);
        status.putInt(72, 0x4038_0698).putInt(76, 0x4038_368E).putInt(80, STACK + 0xA0); // pc, ra, sp
        ByteBuffer stack = words(0x100);
        stack.putInt(4 * 34, 7).putInt(4 * 35, 0x20); // mcause, mtval in the frame that the crash saved
        stack.putInt(0xB0, 0x4200_9354).putInt(0xB4, 0x3FC8_0000).putInt(0xC0, 0x4038_4088);
        return new Dump(0xF3, 0x5_0102)
                .notes(note("CORE", 1, bytes(status)))
                .memory(TCB, tcb("esp_timer"))
                .memory(STACK, bytes(stack))
                .notes(note("ESP_EXTRA_INFO", 677, bytes(words(8).putInt(TCB))));
    }

    @Test
    void readsTaskCauseProgramCounterAndBacktraceOfXtensa() throws CrashFormatException {
        for (int minor = 0; minor <= 4; minor++) {
            CrashRecord crash = CoreDump.read(xtensa(0x100 | minor).bytes());
            assertEquals("main", crash.task());
            assertEquals(29, crash.cause());
            assertEquals("store prohibited", crash.causeName());
            assertEquals(0x10, crash.faultAddress());
            assertEquals(0x4008_110DL, crash.programCounter());
            assertEquals(List.of(0x4008_5109L, 0x400D_66B9L), crash.backtrace());
            assertTrue(crash.isBacktraceExact());
            assertEquals("abort() was called", crash.panicReason());
            assertEquals("1b43c5e74", crash.firmware());
            assertEquals(2, crash.tasks());
        }
    }

    @Test
    void readsRiscVAndSaysThatItsBacktraceIsAGuess() throws CrashFormatException {
        CrashRecord crash = CoreDump.read(riscV().bytes());
        assertEquals(5, crash.chip());
        assertEquals("esp_timer", crash.task());
        assertEquals("store access fault", crash.causeName());
        assertEquals(0x20, crash.faultAddress());
        assertEquals(List.of(0x4038_368EL, 0x4200_9354L, 0x4038_4088L), crash.backtrace());
        assertFalse(crash.isBacktraceExact());
        assertEquals("", crash.firmware());
    }

    @Test
    void namesAddressesThroughTheLookup() throws CrashFormatException {
        CrashRecord crash = CoreDump.read(xtensa(0x102).bytes());
        String text = crash.text((firmware, address) ->
                firmware.equals("1b43c5e74") && address == 0x4008_110D ? Optional.of("panic_abort") : Optional.empty());
        assertEquals("""
                task 'main': store prohibited at 0x00000010 (abort() was called)
                  0x4008110d panic_abort
                  0x40085109 ?
                  0x400d66b9 ?
                """, text);
        assertEquals("1b43c5e74/main/29/4008110d/400d66b9", crash.signature());
    }

    @Test
    void ignoresTheRestOfThePartition() throws CrashFormatException {
        byte[] dump = xtensa(0x103).bytes();
        assertEquals(CoreDump.read(dump), CoreDump.read(java.util.Arrays.copyOf(dump, dump.length + 4096)));
    }

    @Test
    void everySingleDamagedByteIsNoticed() {
        for (int version : new int[] {0x102, 0x103}) {
            byte[] good = xtensa(version).bytes();
            for (int at = 0; at < good.length; at++) {
                byte[] bad = good.clone();
                bad[at] ^= 0x10;
                int where = at;
                // The chip's number in the version is covered by the checksum as well.
                assertThrows(CrashFormatException.class, () -> CoreDump.read(bad), () -> "byte " + where);
            }
        }
    }

    @Test
    void refusesOtherVersionsByName() {
        byte[] binary = xtensa(0x003).bytes();
        CrashFormatException old = assertThrows(CrashFormatException.class, () -> CoreDump.read(binary));
        assertEquals("the binary format is not read, only ELF, not 0.3, at byte 4", old.getMessage());
        assertEquals(4, old.offsetBytes());
        assertEquals(0, old.getStackTrace().length);
        assertThrows(
                CrashFormatException.class, () -> CoreDump.read(xtensa(0x105).bytes()));
        assertThrows(CrashFormatException.class, () -> CoreDump.read(new byte[23]));
    }

    /** Any damage under a checksum that fits gives a record or the codec's own exception, and ends. */
    @Test
    void hostileDumpsEndWell() {
        byte[][] good = {xtensa(0x102).bytes(), riscV().bytes()};
        int[] read = new int[1];
        SeededRuns.check(30_000, random -> {
            byte[] dump = good[random.nextInt(2)].clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = 8 + random.nextInt(random.nextBoolean() ? 400 : dump.length - 8);
                dump[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xFF);
            }
            try {
                CrashRecord crash = CoreDump.read(seal(dump, false));
                assertTrue(crash.backtrace().size() <= CrashRecord.MOST_FRAMES);
                assertFalse(crash.text(SymbolLookup.NONE).isEmpty());
                read[0]++;
            } catch (CrashFormatException e) {
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= dump.length, e::getMessage);
            }
        });
        assertTrue(read[0] > 0, "some damage is harmless");
    }

    @Test
    void aStackThatPointsAtItselfEnds() throws CrashFormatException {
        ByteBuffer status = words(588);
        status.putInt(24, TCB).putInt(72, 0x4008_110D).putInt(328, 0x8008_510C).putInt(332, STACK + 0x40);
        ByteBuffer stack = words(0x100);
        stack.putInt(0x30, 0x800D_66BC).putInt(0x34, STACK + 0x40);
        CrashRecord crash = CoreDump.read(new Dump(0x5E, 0x102)
                .notes(note("CORE", 1, bytes(status)))
                .memory(STACK, bytes(stack))
                .bytes());
        assertEquals(1, crash.backtrace().size());
        assertEquals("", crash.task());
        assertEquals("cause -1", crash.causeName());
    }
}
