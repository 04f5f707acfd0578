package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.WriterId;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import dev.fieldproof.crdt.wire.WireReader;
import dev.fieldproof.crdt.wire.WireWriter;
import java.nio.ByteBuffer;

/** The bytes of a {@link SyncMessage}, as FORMAT.md writes them down. Stateless. */
public final class SyncCodec {
    private static final int DELTA = 1;
    private static final int HAVE = 16;

    private SyncCodec() {}

    /**
     * Encodes a message.
     *
     * @param message any
     * @return its bytes
     */
    public static byte[] encode(SyncMessage message) {
        if (message instanceof SyncMessage.Have have) {
            WireWriter out = new WireWriter().u8(HAVE).u8(have.answer() ? 1 : 0);
            writeBoot(out, have.sender());
            writeVersion(out, have.mine());
            writeVersion(out, have.seen());
            return out.varint(have.trustedMillis()).toByteArray();
        }
        return ((SyncMessage.Changes) message).delta().toByteArray();
    }

    /**
     * Decodes a message.
     *
     * @param bytes one whole message
     * @param budget limits of size
     * @return the message
     * @throws WireException if the bytes break a rule of the format or exceed the budget
     */
    public static SyncMessage decode(byte[] bytes, WireBudget budget) throws WireException {
        WireReader in = new WireReader(bytes);
        int type = in.u8();
        if (type == DELTA) {
            return new SyncMessage.Changes(Delta.decode(ByteBuffer.wrap(bytes), budget));
        } else if (type != HAVE) {
            throw new WireException(0, "a message begins with " + DELTA + " or " + HAVE + ", not " + type);
        }
        boolean answer = (in.u8() & 1) != 0;
        Boot sender = readBoot(in);
        Version mine = readVersion(in);
        Version seen = readVersion(in);
        return new SyncMessage.Have(sender, mine, seen, in.positive("a time"), answer);
    }

    private static void writeBoot(WireWriter out, Boot boot) {
        out.fixed64(boot.writer().value()).varint(boot.incarnation()).varint(boot.epoch());
    }

    private static Boot readBoot(WireReader in) throws WireException {
        long writer = in.fixed64();
        if (writer == 0) {
            throw in.broken("a writer's id is not zero");
        }
        return new Boot(new WriterId(writer), in.positive("an incarnation"), in.positive("an epoch"));
    }

    private static void writeVersion(WireWriter out, Version version) {
        out.fixed64(version.logId()).varint(version.position());
    }

    private static Version readVersion(WireReader in) throws WireException {
        return new Version(in.fixed64(), in.positive("a position"));
    }
}
