package dev.fieldproof.serial.rom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request to the loader. Each knows its operation code, its data and, for those that carry a payload, the checksum.
 * Immutable; arrays handed in are not copied and must not be changed.
 */
public sealed interface Command {
    /**
     * The operation code.
     *
     * @return 0 to 255
     */
    int op();

    /**
     * The body after the eight-byte header.
     *
     * @return a new array, little-endian fields
     */
    byte[] data();

    /**
     * The checksum field of the header: XOR of the payload with seed 0xEF.
     *
     * @return 0 for commands without a payload
     */
    default int checksum() {
        return 0;
    }

    /**
     * The whole request, not framed.
     *
     * @return a new array: direction 0, operation, data length, checksum, data
     */
    default byte[] packet() {
        byte[] data = data();
        return ByteBuffer.allocate(8 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .put((byte) op())
                .putShort((short) data.length)
                .putInt(checksum())
                .put(data)
                .array();
    }

    /**
     * The checksum of the protocol and of image segments.
     *
     * @param bytes what to sum
     * @return XOR of all bytes with 0xEF
     */
    static int checksumOf(byte[] bytes) {
        int sum = 0xEF;
        for (byte b : bytes) {
            sum ^= b & 0xFF;
        }
        return sum;
    }

    private static byte[] words(int... words) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            buffer.putInt(word);
        }
        return buffer.array();
    }

    private static byte[] block(int sequence, byte[] payload) {
        return ByteBuffer.allocate(16 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(payload.length)
                .putInt(sequence)
                .putLong(0)
                .put(payload)
                .array();
    }

    /** Sets the loader's bit rate; answered up to eight times. The reply's value is 0 if a stub is running. */
    record Sync() implements Command {
        @Override
        public int op() {
            return Op.SYNC;
        }

        @Override
        public byte[] data() {
            byte[] data = new byte[36];
            Arrays.fill(data, (byte) 0x55);
            data[0] = 0x07;
            data[1] = 0x07;
            data[2] = 0x12;
            data[3] = 0x20;
            return data;
        }
    }

    /**
     * Reads a word of memory.
     *
     * @param address where; the word is the reply's value
     */
    record ReadReg(int address) implements Command {
        @Override
        public int op() {
            return Op.READ_REG;
        }

        @Override
        public byte[] data() {
            return words(address);
        }
    }

    /**
     * Writes a word of memory.
     *
     * @param address where
     * @param value the word
     * @param mask bits that change
     * @param delayMicros wait afterwards
     */
    record WriteReg(int address, int value, int mask, int delayMicros) implements Command {
        @Override
        public int op() {
            return Op.WRITE_REG;
        }

        @Override
        public byte[] data() {
            return words(address, value, mask, delayMicros);
        }
    }

    /**
     * Erases and prepares for uncompressed or compressed blocks.
     *
     * @param compressed which of the two
     * @param sizeBytes bytes to erase, for a stub the exact uncompressed size
     * @param blocks how many blocks follow
     * @param blockBytes size of each
     * @param offset where in flash
     * @param encryptedWord whether a fifth word is sent (all but ESP8266's and ESP32's ROM)
     */
    record FlashBegin(boolean compressed, int sizeBytes, int blocks, int blockBytes, int offset, boolean encryptedWord)
            implements Command {
        @Override
        public int op() {
            return compressed ? Op.FLASH_DEFL_BEGIN : Op.FLASH_BEGIN;
        }

        @Override
        public byte[] data() {
            return encryptedWord
                    ? words(sizeBytes, blocks, blockBytes, offset, 0)
                    : words(sizeBytes, blocks, blockBytes, offset);
        }
    }

    /** One block for flash. */
    final class FlashData extends Block {
        private final boolean compressed;

        /**
         * A block.
         *
         * @param compressed whether after a compressed begin
         * @param sequence number of the block, from 0
         * @param payload its bytes, kept
         */
        public FlashData(boolean compressed, int sequence, byte[] payload) {
            super(sequence, payload);
            this.compressed = compressed;
        }

        @Override
        public int op() {
            return compressed ? Op.FLASH_DEFL_DATA : Op.FLASH_DATA;
        }
    }

    /** One block for memory. */
    final class MemData extends Block {
        /**
         * A block.
         *
         * @param sequence number of the block, from 0
         * @param payload its bytes, kept
         */
        public MemData(int sequence, byte[] payload) {
            super(sequence, payload);
        }

        @Override
        public int op() {
            return Op.MEM_DATA;
        }
    }

    /** A numbered payload with checksum. */
    abstract sealed class Block implements Command permits FlashData, MemData {
        private final int sequence;
        private final byte[] payload;

        Block(int sequence, byte[] payload) {
            this.sequence = sequence;
            this.payload = payload;
        }

        @Override
        public final byte[] data() {
            return block(sequence, payload);
        }

        @Override
        public final int checksum() {
            return checksumOf(payload);
        }

        @Override
        public final String toString() {
            return getClass().getSimpleName() + "[sequence=" + sequence + ", bytes=" + payload.length + "]";
        }
    }

    /**
     * Ends a flash write.
     *
     * @param compressed whether after a compressed begin
     * @param stay whether to stay in the loader rather than restart
     */
    record FlashEnd(boolean compressed, boolean stay) implements Command {
        @Override
        public int op() {
            return compressed ? Op.FLASH_DEFL_END : Op.FLASH_END;
        }

        @Override
        public byte[] data() {
            return words(stay ? 1 : 0);
        }
    }

    /**
     * Prepares for blocks to memory.
     *
     * @param sizeBytes total
     * @param blocks how many blocks follow
     * @param blockBytes size of each
     * @param address where in memory
     */
    record MemBegin(int sizeBytes, int blocks, int blockBytes, int address) implements Command {
        @Override
        public int op() {
            return Op.MEM_BEGIN;
        }

        @Override
        public byte[] data() {
            return words(sizeBytes, blocks, blockBytes, address);
        }
    }

    /**
     * Ends a write to memory and runs it.
     *
     * @param stay whether to stay in the loader rather than jump
     * @param entry where to jump
     */
    record MemEnd(boolean stay, int entry) implements Command {
        @Override
        public int op() {
            return Op.MEM_END;
        }

        @Override
        public byte[] data() {
            return words(stay ? 1 : 0, entry);
        }
    }

    /**
     * Tells the loader the size of the flash chip.
     *
     * @param sizeBytes its size
     */
    record SpiSetParams(int sizeBytes) implements Command {
        @Override
        public int op() {
            return Op.SPI_SET_PARAMS;
        }

        @Override
        public byte[] data() {
            return words(0, sizeBytes, 0x1_0000, 0x1000, 0x100, 0xFFFF);
        }
    }

    /**
     * Attaches the flash chip on its default pins.
     *
     * @param rom whether a ROM, which wants four more bytes, is addressed
     */
    record SpiAttach(boolean rom) implements Command {
        @Override
        public int op() {
            return Op.SPI_ATTACH;
        }

        @Override
        public byte[] data() {
            return rom ? words(0, 0) : words(0);
        }
    }

    /**
     * Changes the bit rate after the reply.
     *
     * @param newBaud bits per second
     * @param oldBaud the present rate, 0 for a ROM
     */
    record ChangeBaud(int newBaud, int oldBaud) implements Command {
        @Override
        public int op() {
            return Op.CHANGE_BAUDRATE;
        }

        @Override
        public byte[] data() {
            return words(newBaud, oldBaud);
        }
    }

    /**
     * Asks for the MD5 of a piece of flash: 32 hexadecimal digits from a ROM, 16 bytes from a stub.
     *
     * @param offset where
     * @param sizeBytes how much
     */
    record SpiFlashMd5(int offset, int sizeBytes) implements Command {
        @Override
        public int op() {
            return Op.SPI_FLASH_MD5;
        }

        @Override
        public byte[] data() {
            return words(offset, sizeBytes, 0, 0);
        }
    }

    /** Asks for flags, key purposes and, on newer chips, the chip id. */
    record GetSecurityInfo() implements Command {
        @Override
        public int op() {
            return Op.GET_SECURITY_INFO;
        }

        @Override
        public byte[] data() {
            return new byte[0];
        }
    }

    /** Stub only: erases the whole flash. */
    record EraseFlash() implements Command {
        @Override
        public int op() {
            return Op.ERASE_FLASH;
        }

        @Override
        public byte[] data() {
            return new byte[0];
        }
    }

    /**
     * Stub only: erases whole sectors.
     *
     * @param offset where, a multiple of 4096
     * @param sizeBytes how much, a multiple of 4096
     */
    record EraseRegion(int offset, int sizeBytes) implements Command {
        @Override
        public int op() {
            return Op.ERASE_REGION;
        }

        @Override
        public byte[] data() {
            return words(offset, sizeBytes);
        }
    }

    /**
     * Stub only: streams flash to the host in packets that the host acknowledges.
     *
     * @param offset where
     * @param sizeBytes how much
     * @param packetBytes size of each packet
     * @param inFlight most packets not yet acknowledged
     */
    record ReadFlash(int offset, int sizeBytes, int packetBytes, int inFlight) implements Command {
        @Override
        public int op() {
            return Op.READ_FLASH;
        }

        @Override
        public byte[] data() {
            return words(offset, sizeBytes, packetBytes, inFlight);
        }
    }

    /**
     * ROM only: reads up to 64 bytes of flash.
     *
     * @param offset where
     * @param sizeBytes 1 to 64
     */
    record ReadFlashSlow(int offset, int sizeBytes) implements Command {
        @Override
        public int op() {
            return Op.READ_FLASH_SLOW;
        }

        @Override
        public byte[] data() {
            return words(offset, sizeBytes);
        }
    }

    /** The operation codes. */
    final class Op {
        /** {@link FlashBegin}, not compressed. */
        public static final int FLASH_BEGIN = 0x02;

        /** {@link FlashData}, not compressed. */
        public static final int FLASH_DATA = 0x03;

        /** {@link FlashEnd}, not compressed. */
        public static final int FLASH_END = 0x04;

        /** {@link Command.MemBegin}. */
        public static final int MEM_BEGIN = 0x05;

        /** {@link Command.MemEnd}. */
        public static final int MEM_END = 0x06;

        /** {@link Command.MemData}. */
        public static final int MEM_DATA = 0x07;

        /** {@link Command.Sync}. */
        public static final int SYNC = 0x08;

        /** {@link Command.WriteReg}. */
        public static final int WRITE_REG = 0x09;

        /** {@link Command.ReadReg}. */
        public static final int READ_REG = 0x0A;

        /** {@link Command.SpiSetParams}. */
        public static final int SPI_SET_PARAMS = 0x0B;

        /** {@link Command.SpiAttach}. */
        public static final int SPI_ATTACH = 0x0D;

        /** {@link Command.ReadFlashSlow}. */
        public static final int READ_FLASH_SLOW = 0x0E;

        /** {@link Command.ChangeBaud}. */
        public static final int CHANGE_BAUDRATE = 0x0F;

        /** {@link FlashBegin}, compressed. */
        public static final int FLASH_DEFL_BEGIN = 0x10;

        /** {@link FlashData}, compressed. */
        public static final int FLASH_DEFL_DATA = 0x11;

        /** {@link FlashEnd}, compressed. */
        public static final int FLASH_DEFL_END = 0x12;

        /** {@link Command.SpiFlashMd5}. */
        public static final int SPI_FLASH_MD5 = 0x13;

        /** {@link Command.GetSecurityInfo}. */
        public static final int GET_SECURITY_INFO = 0x14;

        /** {@link Command.EraseFlash}. */
        public static final int ERASE_FLASH = 0xD0;

        /** {@link Command.EraseRegion}. */
        public static final int ERASE_REGION = 0xD1;

        /** {@link Command.ReadFlash}. */
        public static final int READ_FLASH = 0xD2;

        private Op() {}
    }

    /** What a stub says, as a packet of its own, when it begins to run. */
    final class Greeting {
        private Greeting() {}

        /**
         * The greeting.
         *
         * @return a new array with the letters OHAI
         */
        public static byte[] bytes() {
            return "OHAI".getBytes(StandardCharsets.US_ASCII);
        }
    }
}
