package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.BootTrail;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.KeyDictionary;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.WriterId;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import dev.fieldproof.crdt.wire.WireReader;
import dev.fieldproof.crdt.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a {@link SyncMessage}, as FORMAT.md writes them down. Stateless. */
public final class SyncCodec {
    private static final int DELTA = 1;
    private static final int HAVE = 16;
    private static final int ASK = 17;
    private static final int ANSWER = 18;
    private static final int ASK_MORE = 19;
    private static final int GROUPS = 20;
    private static final int COMPARE = 21;
    private static final int COMPARED = 22;

    private SyncCodec() {}

    /**
     * Encodes a message.
     *
     * @param message any
     * @return its bytes
     */
    public static byte[] encode(SyncMessage message) {
        WireWriter out = new WireWriter();
        if (message instanceof SyncMessage.Changes changes) {
            return changes.delta().toByteArray();
        } else if (message instanceof SyncMessage.Have have) {
            out.u8(HAVE).u8(have.answer() ? 1 : 0);
            Boot boot = have.sender();
            out.fixed64(boot.writer().value()).varint(boot.incarnation()).varint(boot.epoch());
            writeVersion(out, have.mine());
            writeVersion(out, have.seen());
            out.varint(have.entries()).varint(have.trustedMillis());
            out.varint(have.marks().size());
            long last = boot.epoch();
            for (BootTrail.Mark mark : have.marks()) {
                out.varint(last - mark.epoch()).fixed32(mark.nonce());
                last = mark.epoch();
            }
        } else if (message instanceof SyncMessage.Ask ask) {
            out.u8(ASK).fixed32(ask.salt()).varint(ask.entries()).fixed64(ask.digest());
        } else if (message instanceof SyncMessage.Answer answer) {
            out.u8(ANSWER).fixed32(answer.salt()).fixed64(answer.digest()).raw(answer.coarse());
            writeSums(out, answer.sums());
        } else if (message instanceof SyncMessage.AskMore ask) {
            out.u8(ASK_MORE).fixed32(ask.salt()).varint(ask.marginPercent());
            out.u8(ask.firstLevel()).raw(ask.fine());
        } else if (message instanceof SyncMessage.Groups groups) {
            out.u8(GROUPS).fixed32(groups.salt()).varint(groups.groups());
            out.varint(groups.capacity()).varint(groups.first());
            writeSums(out, groups.sums());
        } else if (message instanceof SyncMessage.Compare compare) {
            out.u8(COMPARE).fixed32(compare.salt()).u8(compare.last() ? 1 : 0);
            out.varint(compare.absent().length);
            writeSums(out, compare.absent());
            out.raw(compare.delta().toByteArray());
        } else if (message instanceof SyncMessage.Compared compared) {
            out.u8(COMPARED).fixed32(compared.salt()).fixed64(compared.digest());
        }
        return out.toByteArray();
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
        if (bytes.length > budget.maxBytes()) {
            throw new WireException(0, "input is at most " + budget.maxBytes() + " bytes, not " + bytes.length);
        }
        WireReader in = new WireReader(bytes);
        int type = in.u8();
        return switch (type) {
            case DELTA -> new SyncMessage.Changes(Delta.decode(ByteBuffer.wrap(bytes), budget));
            case HAVE -> readHave(in);
            case ASK ->
                new SyncMessage.Ask(
                        in.fixed32(), in.count(KeyDictionary.MAX_KEYS, "the number of entries"), in.fixed64());
            case ANSWER -> readAnswer(in);
            case ASK_MORE -> readAskMore(in);
            case GROUPS -> readGroups(in);
            case COMPARE -> readCompare(bytes, in, budget);
            case COMPARED -> new SyncMessage.Compared(in.fixed32(), in.fixed64());
            default -> throw new WireException(0, "no message begins with " + type);
        };
    }

    private static SyncMessage readHave(WireReader in) throws WireException {
        boolean answer = (in.u8() & 1) != 0;
        long writer = in.fixed64();
        if (writer == 0) {
            throw in.broken("a writer's id is not zero");
        }
        Boot sender = new Boot(new WriterId(writer), in.positive("an incarnation"), in.positive("an epoch"));
        Version mine = readVersion(in);
        Version seen = readVersion(in);
        int entries = in.count(KeyDictionary.MAX_KEYS, "the number of entries");
        long trustedMillis = in.positive("a time");
        int count = in.count(BootTrail.MAX_MARKS, "the number of marks");
        List<BootTrail.Mark> marks = new ArrayList<>(count);
        long epoch = sender.epoch();
        for (int i = 0; i < count; i++) {
            long back = in.positive("epochs back");
            if (i == 0 ? back != 0 : back == 0 || back > epoch) {
                throw in.broken("marks descend from the sender's epoch");
            }
            epoch -= back;
            marks.add(new BootTrail.Mark(epoch, in.fixed32()));
        }
        return new SyncMessage.Have(sender, mine, seen, entries, trustedMillis, answer, marks);
    }

    private static SyncMessage readAnswer(WireReader in) throws WireException {
        int salt = in.fixed32();
        long digest = in.fixed64();
        if (in.remaining() == 0) {
            return new SyncMessage.Answer(salt, digest, new int[0], new byte[0]);
        }
        byte[] coarse = in.raw(Estimator.COARSE_LEVELS * Estimator.COARSE_BITS / 8);
        return new SyncMessage.Answer(salt, digest, readSums(in), coarse);
    }

    private static SyncMessage readAskMore(WireReader in) throws WireException {
        int salt = in.fixed32();
        int margin = in.count(1000, "a margin");
        int firstLevel = in.u8();
        if (firstLevel > 63 || in.remaining() == 0 || in.remaining() % Estimator.FINE_LEVELS != 0) {
            throw in.broken("a fine estimator has six levels of whole bytes");
        }
        return new SyncMessage.AskMore(salt, margin, firstLevel, in.raw(in.remaining()));
    }

    private static SyncMessage readGroups(WireReader in) throws WireException {
        int salt = in.fixed32();
        int groups = in.count(Reconciler.MAX_GROUPS, "the number of groups");
        int capacity = in.count(Reconciler.MAX_CAPACITY, "the capacity of a group");
        int first = in.count(groups, "a group");
        int[] sums = readSums(in);
        int each = PowerSums.countFor(capacity, 1);
        if (sums.length % each != 0 || first + sums.length / each > groups) {
            throw in.broken("sums belong to whole groups");
        }
        return new SyncMessage.Groups(salt, groups, capacity, first, sums);
    }

    private static SyncMessage readCompare(byte[] bytes, WireReader in, WireBudget budget) throws WireException {
        int salt = in.fixed32();
        boolean last = (in.u8() & 1) != 0;
        int[] absent = new int[in.count(in.remaining() / 3, "the number of absent keys")];
        for (int i = 0; i < absent.length; i++) {
            absent[i] = in.u8() | in.u8() << 8 | in.u8() << 16;
            if (absent[i] >= KeyDictionary.MAX_KEYS || (i > 0 && absent[i] <= absent[i - 1])) {
                throw in.broken("absent keys ascend and are below " + KeyDictionary.MAX_KEYS);
            }
        }
        int start = in.offset();
        Delta delta = Delta.decode(ByteBuffer.wrap(bytes, start, bytes.length - start), budget);
        return new SyncMessage.Compare(salt, absent, last, delta);
    }

    private static void writeSums(WireWriter out, int[] sums) {
        for (int sum : sums) {
            out.u8(sum).u8(sum >>> 8).u8(sum >>> 16);
        }
    }

    /** All that remains, three bytes each. */
    private static int[] readSums(WireReader in) throws WireException {
        if (in.remaining() % 3 != 0) {
            throw in.broken("a sum takes three bytes");
        }
        int[] sums = new int[in.remaining() / 3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = in.u8() | in.u8() << 8 | in.u8() << 16;
            if (sums[i] >= Field.P) {
                throw in.broken("a sum is below " + Field.P);
            }
        }
        return sums;
    }

    private static void writeVersion(WireWriter out, Version version) {
        out.fixed64(version.logId()).varint(version.position());
    }

    private static Version readVersion(WireReader in) throws WireException {
        return new Version(in.fixed64(), in.positive("a position"));
    }
}
