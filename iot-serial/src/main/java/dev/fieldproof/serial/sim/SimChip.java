package dev.fieldproof.serial.sim;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.rom.Command;
import dev.fieldproof.serial.slip.Slip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A simulated ESP chip behind its serial lines: strict where the real loaders are, and harmful where they are. It takes
 * bytes with the time they arrive and gives bytes with the time they leave; it has no clock of its own. Not
 * thread-safe.
 *
 * <p>The ROM handles one request at a time and keeps 128 bytes while it is busy; block numbers are strict, and a block
 * with a wrong checksum uses its number up. The stub receives one frame while it works on another and drops a third; it
 * answers a block before it writes it and reports trouble on the next request, which it then does not carry out; a
 * stray delimiter leaves it out of step; a wrong block length or a stream longer than announced hangs it.
 */
public final class SimChip {
    /** What the chip is doing. */
    public enum Mode {
        /** Runs its application, or tries to; deaf to the loader's protocol. */
        APPLICATION,
        /** Held in reset. */
        RESET,
        /** In the ROM's loader. */
        ROM,
        /** In an uploaded stub. */
        STUB,
        /** Waits for ever; only a reset helps. */
        HUNG
    }

    private static final int ROM_BAUD = 115_200;
    private static final int ROM_QUEUE_BYTES = 128;
    private static final int ROM_MAX_BLOCK_BYTES = 0x1800;
    private static final int SYNC_REPLIES = 8;
    private static final long ROM_SYNC_VALUE = 0x2012_0707L;

    private final Chip chip;
    private final SimFlash flash;
    private final SimTiming timing;
    private final SimFrames frames = new SimFrames();
    private final ArrayDeque<Byte> queue = new ArrayDeque<>();
    private Mode mode = Mode.APPLICATION;
    private int baud = ROM_BAUD;
    private boolean bootPinLow;
    private boolean attached;
    private long busyUntil;
    private long pendingUntil;
    private int deferredError;
    private int eraseCommands;
    private int memBlocks;
    private int memSequence;
    private final SimRegisters registers;
    private @Nullable SimWriter writer;
    private @Nullable SimReader reader;

    /**
     * A chip that runs its application.
     *
     * @param chip which one
     * @param flash its flash
     * @param timing how long things take
     */
    public SimChip(Chip chip, SimFlash flash, SimTiming timing) {
        this.chip = chip;
        this.flash = flash;
        this.timing = timing;
        this.registers = new SimRegisters(chip, flash.sizeBytes());
    }

    /** {@return the flash} */
    public SimFlash flash() {
        return flash;
    }

    /** {@return the mode} */
    public Mode mode() {
        return mode;
    }

    /** {@return bits per second} */
    public int baud() {
        return baud;
    }

    /** {@return the count since construction} */
    public int eraseCommands() {
        return eraseCommands;
    }

    /** {@return what runs} */
    public BootOutcome boot() {
        return BootOutcome.of(chip, flash);
    }

    /**
     * Makes it a chip of a revision; without this its registers are all zero, which is revision 0.
     *
     * @param revision major x 100 + minor
     * @return this
     * @throws IllegalArgumentException if this kind of chip cannot say that revision
     */
    public SimChip revision(int revision) {
        registers.revision(revision);
        return this;
    }

    /** Puts the chip into its ROM loader, as holding the boot button does. */
    public void enterLoader() {
        restart(Mode.ROM);
    }

    /** Cuts and restores the power: whatever was going on is lost, the application starts. */
    public void powerCycle() {
        restart(Mode.APPLICATION);
    }

    private void restart(Mode newMode) {
        mode = newMode;
        baud = ROM_BAUD;
        frames.reset();
        queue.clear();
        attached = false;
        busyUntil = 0;
        pendingUntil = 0;
        deferredError = 0;
        closeWriter();
        reader = null;
    }

    private void closeWriter() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    /**
     * The control lines move, through the two transistors of common boards.
     *
     * @param dtr data terminal ready
     * @param rts request to send
     */
    public void lines(boolean dtr, boolean rts) {
        boolean reset = rts && !dtr;
        if (reset) {
            restart(Mode.RESET);
        } else if (mode == Mode.RESET) {
            restart((dtr && !rts) || bootPinLow ? Mode.ROM : Mode.APPLICATION);
        }
    }

    /**
     * Holds the boot pin, as a jumper does.
     *
     * @param low whether it is low
     */
    public void bootPin(boolean low) {
        bootPinLow = low;
    }

    /** {@return nanoseconds, or {@link Long#MAX_VALUE} if it only waits} */
    public long nextWakeNanos() {
        return queue.isEmpty() ? Long.MAX_VALUE : busyUntil;
    }

    /**
     * Lets the chip do what it does by itself until then.
     *
     * @param nanos until when
     * @param out takes what it sends
     */
    public void advanceTo(long nanos, SimOutput out) {
        while (!queue.isEmpty() && busyUntil <= nanos) {
            take(queue.remove(), busyUntil, out);
        }
    }

    /**
     * A byte arrives.
     *
     * @param b the byte
     * @param atNanos when; never earlier than the last
     * @param out takes what the chip sends in consequence
     */
    public void receive(byte b, long atNanos, SimOutput out) {
        if (mode == Mode.APPLICATION || mode == Mode.RESET || mode == Mode.HUNG) {
            return;
        }
        advanceTo(atNanos, out);
        boolean romBusy = mode == Mode.ROM && (atNanos < busyUntil || !queue.isEmpty());
        if (!romBusy) {
            take(b, atNanos, out);
        } else if (queue.size() < ROM_QUEUE_BYTES) {
            queue.add(b);
        }
    }

    private void take(byte b, long now, SimOutput out) {
        byte[] packet = frames.take(b, mode == Mode.STUB);
        if (packet != null) {
            packet(packet, now, out);
        }
    }

    private void packet(byte[] packet, long now, SimOutput out) {
        SimReader reading = reader;
        if (reading != null) {
            if (!reading.acknowledged(packet, now, out)) {
                reader = null;
            }
            return;
        }
        boolean bothBuffersFull = mode == Mode.STUB && now < pendingUntil;
        if (packet.length < 8 || bothBuffersFull) {
            return;
        }
        long start = Math.max(now, busyUntil);
        pendingUntil = mode == Mode.STUB ? start : 0;
        long checked = start + packet.length * timing.checksumNanosPerByte();
        busyUntil = checked;
        ByteBuffer in = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        int op = packet[1] & 0xFF;
        if (packet[0] != 0) {
            if (mode == Mode.STUB) {
                reply(op, 0, new byte[0], 0xC3, checked, out);
            }
            return;
        }
        if ((in.getShort(2) & 0xFFFF) != packet.length - 8) {
            reply(op, 0, new byte[0], mode == Mode.STUB ? 0xC0 : 5, checked, out);
            return;
        }
        if (deferredError != 0) {
            int error = deferredError;
            deferredError = 0;
            reply(op, 0, new byte[0], error, checked, out);
            return;
        }
        SimRequest request =
                new SimRequest(op, in.getInt(4), in.slice(8, packet.length - 8).order(ByteOrder.LITTLE_ENDIAN));
        execute(request, checked, out);
    }

    private void execute(SimRequest request, long now, SimOutput out) {
        boolean modern = mode == Mode.STUB || chip.modernRom();
        switch (request.op()) {
            case Command.Op.SYNC -> sync(request, now, out);
            case Command.Op.READ_REG -> {
                if (!badLength(request, 4, now, out)) {
                    reply(request.op(), registers.read(request.word(0)), new byte[0], 0, now, out);
                }
            }
            case Command.Op.WRITE_REG -> {
                if (!badLength(request, 16, now, out)) {
                    registers.write(request.word(0), request.word(1), request.word(2));
                    ok(request, now, out);
                }
            }
            case Command.Op.MEM_BEGIN, Command.Op.MEM_DATA, Command.Op.MEM_END -> memory(request, now, out);
            case Command.Op.FLASH_BEGIN, Command.Op.FLASH_DATA, Command.Op.FLASH_END -> flash(request, now, out);
            default -> {
                if (modern) {
                    modern(request, now, out);
                } else {
                    unknown(request, now, out);
                }
            }
        }
    }

    private void modern(SimRequest request, long now, SimOutput out) {
        switch (request.op()) {
            case Command.Op.FLASH_DEFL_BEGIN, Command.Op.FLASH_DEFL_DATA, Command.Op.FLASH_DEFL_END ->
                flash(request, now, out);
            case Command.Op.SPI_SET_PARAMS -> {
                if (!badLength(request, 24, now, out)) {
                    ok(request, now, out);
                }
            }
            case Command.Op.SPI_ATTACH -> {
                if (!badLength(request, mode == Mode.STUB ? 4 : 8, now, out)) {
                    attached = true;
                    ok(request, now, out);
                }
            }
            case Command.Op.CHANGE_BAUDRATE -> {
                if (!badLength(request, 8, now, out)) {
                    ok(request, now, out);
                    baud = request.word(0);
                }
            }
            case Command.Op.SPI_FLASH_MD5 -> md5(request, now, out);
            case Command.Op.GET_SECURITY_INFO -> securityInfo(request, now, out);
            case Command.Op.ERASE_FLASH, Command.Op.ERASE_REGION, Command.Op.READ_FLASH -> {
                if (mode == Mode.STUB) {
                    stubOnly(request, now, out);
                } else {
                    unknown(request, now, out);
                }
            }
            case Command.Op.READ_FLASH_SLOW -> readSlow(request, now, out);
            default -> unknown(request, now, out);
        }
    }

    private boolean badLength(SimRequest request, int length, long now, SimOutput out) {
        if (request.length() == length) {
            return false;
        }
        error(request, 5, 0xC0, now, out);
        return true;
    }

    private void ok(SimRequest request, long now, SimOutput out) {
        reply(request.op(), 0, new byte[0], 0, now, out);
    }

    private void error(SimRequest request, int romError, int stubError, long now, SimOutput out) {
        reply(request.op(), 0, new byte[0], mode == Mode.STUB ? stubError : romError, now, out);
    }

    private void unknown(SimRequest request, long now, SimOutput out) {
        error(request, 5, 0xFF, now, out);
    }

    private void reply(int op, long value, byte[] payload, int error, long now, SimOutput out) {
        int statusBytes = mode == Mode.STUB ? 2 : chip.romStatusBytes();
        byte[] status = new byte[statusBytes];
        if (error != 0 && mode == Mode.STUB) {
            status[0] = (byte) error;
        } else if (error != 0) {
            status[0] = 1;
            status[1] = (byte) error;
        }
        byte[] packet = ByteBuffer.allocate(8 + payload.length + statusBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .put((byte) op)
                .putShort((short) (payload.length + statusBytes))
                .putInt((int) value)
                .put(payload)
                .put(status)
                .array();
        out.send(Slip.encode(packet), now);
    }

    private void sync(SimRequest request, long now, SimOutput out) {
        byte[] expected = new Command.Sync().data();
        byte[] data = new byte[request.length()];
        request.data().get(0, data);
        if (!Arrays.equals(data, expected)) {
            error(request, 5, 0xC0, now, out);
            return;
        }
        for (int i = 0; i < SYNC_REPLIES; i++) {
            reply(request.op(), mode == Mode.STUB ? 0 : ROM_SYNC_VALUE, new byte[0], 0, now, out);
        }
    }

    private void memory(SimRequest request, long now, SimOutput out) {
        switch (request.op()) {
            case Command.Op.MEM_BEGIN -> {
                if (!badLength(request, 16, now, out)) {
                    memBlocks = request.word(1);
                    memSequence = 0;
                    ok(request, now, out);
                }
            }
            case Command.Op.MEM_DATA -> {
                boolean formed = request.length() >= 16 && request.word(0) == request.length() - 16;
                if (!formed || request.word(1) != memSequence || memSequence >= memBlocks) {
                    error(request, 5, 0xC0, now, out);
                } else if (Command.checksumOf(request.payload()) != request.checksum()) {
                    memSequence++;
                    error(request, 7, 0xC1, now, out);
                } else {
                    memSequence++;
                    ok(request, now, out);
                }
            }
            default -> {
                if (badLength(request, 8, now, out)) {
                    return;
                }
                ok(request, now, out);
                if (request.word(0) == 0) {
                    startStub(now, out);
                }
            }
        }
    }

    /** What was uploaded is not run; the simulated stub takes over as soon as every announced block has come. */
    private void startStub(long now, SimOutput out) {
        if (memSequence < memBlocks || memBlocks == 0) {
            mode = Mode.HUNG;
            return;
        }
        mode = Mode.STUB;
        frames.startOver();
        out.send(Slip.encode(Command.Greeting.bytes()), now);
    }

    private void flash(SimRequest request, long now, SimOutput out) {
        switch (request.op()) {
            case Command.Op.FLASH_BEGIN, Command.Op.FLASH_DEFL_BEGIN -> begin(request, now, out);
            case Command.Op.FLASH_DATA, Command.Op.FLASH_DEFL_DATA -> {
                if (mode == Mode.STUB) {
                    stubData(request, now, out);
                } else {
                    romData(request, now, out);
                }
            }
            default -> end(request, now, out);
        }
    }

    private void begin(SimRequest request, long now, SimOutput out) {
        boolean stub = mode == Mode.STUB;
        boolean formed = stub
                ? request.length() == 16 || request.length() == 20
                : request.length() == (chip.romTakesEncryptedWord() ? 20 : 16);
        boolean readyRom = stub || !chip.modernRom() || attached;
        if (!formed || !readyRom || (!stub && request.word(2) > ROM_MAX_BLOCK_BYTES)) {
            error(request, 5, 0xC0, now, out);
            return;
        }
        boolean compressed = request.op() == Command.Op.FLASH_DEFL_BEGIN;
        int size = request.word(0);
        int offset = request.word(3);
        if (!stub && (size < 0 || !flash.contains(offset, size))) {
            error(request, 6, 0xC4, now, out);
            return;
        }
        closeWriter();
        eraseCommands++;
        boolean oldRom = !stub && !chip.modernRom();
        int room = oldRom ? request.word(1) * request.word(2) : size;
        int eraseBytes = oldRom ? oldRomErases(offset, size) : size;
        SimWriter next = new SimWriter(flash, timing, stub, compressed, room, eraseBytes, request.word(1), offset);
        writer = next;
        busyUntil = next.begin(now);
        ok(request, busyUntil, out);
    }

    /** The ESP8266's ROM counts the sectors up to the end of the first 64 KiB block twice. */
    private static int oldRomErases(int offset, int size) {
        int sectors = (size + SimFlash.SECTOR_BYTES - 1) / SimFlash.SECTOR_BYTES;
        int toBlockEnd = 16 - offset / SimFlash.SECTOR_BYTES % 16;
        return (sectors + Math.min(sectors, toBlockEnd)) * SimFlash.SECTOR_BYTES;
    }

    private void romData(SimRequest request, long now, SimOutput out) {
        SimWriter current = writer;
        boolean formed = request.length() >= 16
                && request.word(0) == request.length() - 16
                && request.word(0) <= ROM_MAX_BLOCK_BYTES;
        if (current == null || !formed || !current.takesSequence(request.word(1))) {
            error(request, 5, 0, now, out);
            return;
        }
        byte[] payload = request.payload();
        if (Command.checksumOf(payload) != request.checksum()) {
            error(request, 7, 0, now, out);
            return;
        }
        SimWriter.Done done = current.write(payload, request.word(1), now);
        busyUntil = done.freeAt();
        error(request, done.trouble().romError, 0, busyUntil, out);
    }

    private void stubData(SimRequest request, long now, SimOutput out) {
        SimWriter current = writer;
        if (request.length() < 16 || current == null) {
            error(request, 0, request.length() < 16 ? 0xC8 : 0xC6, now, out);
            return;
        }
        int declared = request.word(0);
        if (request.op() == Command.Op.FLASH_DEFL_DATA
                && Integer.compareUnsigned(declared, request.length() - 16) > 0) {
            mode = Mode.HUNG; // Reads beyond the frame.
            return;
        }
        byte[] payload = Arrays.copyOf(request.payload(), Math.min(declared, request.length() - 16));
        if (request.op() == Command.Op.FLASH_DATA && declared != request.length() - 16) {
            error(request, 0, 0xC9, now, out);
        } else if (Command.checksumOf(payload) != request.checksum()) {
            error(request, 0, 0xC1, now, out);
        } else {
            ok(request, now, out);
            SimWriter.Done done = current.write(payload, request.word(1), now);
            busyUntil = done.freeAt();
            deferredError = done.trouble().stubError;
            if (done.trouble() == SimWriter.Trouble.HANG) {
                mode = Mode.HUNG;
            }
        }
    }

    private void end(SimRequest request, long now, SimOutput out) {
        if (badLength(request, 4, now, out)) {
            return;
        }
        SimWriter current = writer;
        if (mode == Mode.STUB && (current == null || !current.complete())) {
            error(request, 5, current == null ? 0xC6 : 0xC0, now, out);
            return;
        }
        closeWriter();
        ok(request, now, out);
        if (mode == Mode.ROM) {
            restart(request.word(0) == 0 ? Mode.APPLICATION : Mode.HUNG); // The ROM leaves its loader either way.
        }
    }

    private void md5(SimRequest request, long now, SimOutput out) {
        if (badLength(request, 16, now, out)) {
            return;
        }
        int offset = request.word(0);
        int size = request.word(1);
        if (!flash.contains(offset, size) || (mode == Mode.ROM && !attached)) {
            error(request, 6, 0xC4, now, out);
            return;
        }
        byte[] digest = SimReader.md5(flash.read(offset, size));
        busyUntil = now + size * timing.md5NanosPerByte();
        byte[] payload =
                mode == Mode.STUB ? digest : HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
        reply(request.op(), 0, payload, 0, busyUntil, out);
    }

    private void securityInfo(SimRequest request, long now, SimOutput out) {
        boolean known = chip != Chip.ESP8266 && chip != Chip.ESP32;
        if (!known || request.length() != 0) {
            error(request, 5, known ? 0xC0 : 0xFF, now, out);
            return;
        }
        ByteBuffer info = ByteBuffer.allocate(chip.reportsId() ? 20 : 12).order(ByteOrder.LITTLE_ENDIAN);
        if (chip.reportsId()) {
            info.putInt(12, chip.id());
        }
        reply(request.op(), 0, info.array(), 0, now, out);
    }

    private void stubOnly(SimRequest request, long now, SimOutput out) {
        if (request.op() == Command.Op.ERASE_FLASH) {
            eraseCommands++;
            flash.erase(0, flash.sizeBytes());
            busyUntil = now + flash.sizeBytes() / 0x1_0000 * timing.eraseBlockNanos();
            ok(request, busyUntil, out);
        } else if (request.op() == Command.Op.ERASE_REGION) {
            if (badLength(request, 8, now, out)) {
                return;
            }
            int offset = request.word(0);
            int size = request.word(1);
            if (offset % SimFlash.SECTOR_BYTES != 0 || size % SimFlash.SECTOR_BYTES != 0) {
                error(request, 5, 0xC0, now, out);
            } else if (!flash.contains(offset, size)) {
                error(request, 6, 0xC4, now, out);
            } else {
                eraseCommands++;
                flash.erase(offset, size);
                busyUntil = now + size / SimFlash.SECTOR_BYTES * timing.eraseSectorNanos();
                ok(request, busyUntil, out);
            }
        } else if (!badLength(request, 16, now, out)) {
            int size = request.word(1);
            if (!flash.contains(request.word(0), size) || request.word(2) < 1 || request.word(2) > 4096) {
                error(request, 6, 0xC0, now, out);
                return;
            }
            ok(request, now, out);
            SimReader next = new SimReader(flash.read(request.word(0), size), request.word(2), request.word(3));
            reader = next.begin(now, out) ? next : null;
        }
    }

    private void readSlow(SimRequest request, long now, SimOutput out) {
        if (mode == Mode.STUB) {
            unknown(request, now, out);
        } else if (!badLength(request, 8, now, out)) {
            int size = request.word(1);
            if (size < 1 || size > 64 || !flash.contains(request.word(0), size)) {
                error(request, 0x0A, 0, now, out);
            } else {
                reply(request.op(), 0, Arrays.copyOf(flash.read(request.word(0), size), 64), 0, now, out);
            }
        }
    }
}
