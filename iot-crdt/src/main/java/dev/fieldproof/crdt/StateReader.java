package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.Utf8;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import dev.fieldproof.crdt.wire.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the parts of a state, and counts what it makes against a budget. Not thread-safe. */
final class StateReader {
    private final WireReader in;
    private final Boot[] boots;
    private int left;

    StateReader(byte[] bytes, byte[] head, WireBudget budget) throws WireException {
        if (bytes.length > budget.maxBytes()) {
            throw new WireException(0, "input is at most " + budget.maxBytes() + " bytes, not " + bytes.length);
        }
        in = new WireReader(bytes);
        left = budget.maxEntries();
        for (int i = 0; i < head.length; i++) {
            if (in.u8() != head[i]) {
                throw new WireException(i, i == 1 ? "the format version is " + head[i] : "the type is another");
            }
        }
        boots = new Boot[in.count(in.remaining() / 10, "the number of boots")];
        for (int i = 0; i < boots.length; i++) {
            long writer = in.fixed64();
            if (writer == 0) {
                throw in.broken("a writer's id is not zero");
            }
            boots[i] = new Boot(new WriterId(writer), in.positive("an incarnation"), in.positive("an epoch"));
        }
    }

    WireException broken(String rule) {
        return in.broken(rule);
    }

    /** How many things follow, each of which takes a byte or more. */
    int count(String what) throws WireException {
        int count = in.count(Math.min(left, in.remaining()), what);
        left -= count;
        return count;
    }

    long positive(String what) throws WireException {
        return in.positive(what);
    }

    long number() throws WireException {
        return in.zigzag();
    }

    Boot boot() throws WireException {
        return boots[in.count(boots.length - 1, "a boot's index")];
    }

    Dot dot() throws WireException {
        return new Dot(boot(), in.positive("a counter"));
    }

    Value value() throws WireException {
        int kind = in.u8();
        if (kind == Kind.REMOVED || kind == Kind.DECIMAL || kind > Kind.LAST) {
            throw in.broken("not the kind of a value: " + kind);
        }
        long bits = kind == Kind.INT ? in.zigzag() : kind == Kind.REAL ? in.fixed64() : 0;
        if (!Kind.hasObject(kind)) {
            return java.util.Objects.requireNonNull(Kind.toValue((byte) kind, bits, null));
        }
        int start = in.offset();
        byte[] block = in.raw(in.count(in.remaining(), "a length"));
        if (kind != Kind.TEXT) {
            return java.util.Objects.requireNonNull(Kind.toValue((byte) kind, 0, block));
        }
        if (Utf8.firstMalformed(block, 0, block.length) >= 0) {
            throw new WireException(start, "text is UTF-8");
        }
        return Value.of(new String(block, StandardCharsets.UTF_8));
    }

    CausalContext context() throws WireException {
        TreeMap<Boot, Long> upTo = new TreeMap<>();
        for (int n = count("the number of lives seen"); n > 0; n--) {
            upTo.put(boot(), in.positive("a counter"));
        }
        NavigableSet<Dot> beyond = new TreeSet<>();
        for (int n = count("the number of dots seen"); n > 0; n--) {
            beyond.add(dot());
        }
        return CausalContext.of(upTo, beyond);
    }

    List<StateMessage.Section> sections() throws WireException {
        List<StateMessage.Section> sections = new ArrayList<>();
        while (in.remaining() > 0) {
            long tag = in.varint();
            sections.add(new StateMessage.Section(tag, in.raw(in.count(in.remaining(), "a section's length"))));
        }
        return sections;
    }
}
