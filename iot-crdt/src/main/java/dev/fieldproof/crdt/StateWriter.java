package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the parts of a state and collects the lives that they name. Not thread-safe. */
final class StateWriter {
    private final WireWriter body = new WireWriter();
    private final Map<Boot, Integer> boots;

    StateWriter() {
        this(new LinkedHashMap<>());
    }

    private StateWriter(Map<Boot, Integer> boots) {
        this.boots = boots;
    }

    /** A writer into a buffer of its own that names lives as this one does. */
    StateWriter part() {
        return new StateWriter(boots);
    }

    StateWriter count(long count) {
        body.varint(count);
        return this;
    }

    StateWriter number(long number) {
        body.zigzag(number);
        return this;
    }

    StateWriter boot(Boot boot) {
        body.varint(boots.computeIfAbsent(boot, unknown -> boots.size()));
        return this;
    }

    StateWriter dot(Dot dot) {
        boot(dot.boot());
        body.varint(dot.counter());
        return this;
    }

    StateWriter raw(byte[] bytes) {
        body.raw(bytes);
        return this;
    }

    StateWriter value(Value value) {
        byte kind = Kind.of(value);
        body.u8(kind);
        if (kind == Kind.INT) {
            body.zigzag(Kind.bitsOf(value));
        } else if (kind == Kind.REAL) {
            body.fixed64(Kind.bitsOf(value));
        } else if (Kind.hasObject(kind)) {
            body.block(Kind.bytesOf(Kind.objectOf(value)));
        }
        return this;
    }

    void context(CausalContext context) {
        count(context.contiguous().size());
        context.contiguous().forEach((boot, counter) -> boot(boot).count(counter));
        count(context.beyond().size());
        context.beyond().forEach(this::dot);
    }

    byte[] bytes() {
        return body.toByteArray();
    }

    /** The head, the lives, what was written, and sections of other versions. */
    byte[] message(byte[] head, List<StateMessage.Section> sections) {
        WireWriter out = new WireWriter().raw(head).varint(boots.size());
        for (Boot boot : boots.keySet()) {
            out.fixed64(boot.writer().value()).varint(boot.incarnation()).varint(boot.epoch());
        }
        out.raw(bytes());
        for (StateMessage.Section section : sections) {
            out.varint(section.tag()).block(section.bytes());
        }
        return out.toByteArray();
    }
}
