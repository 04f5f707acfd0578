package dev.fieldproof.sparkplug.session;

import dev.fieldproof.sparkplug.session.EdgeSession.Effect;
import dev.fieldproof.sparkplug.session.EdgeSession.Event;
import dev.fieldproof.sparkplug.session.EdgeSession.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Steps an edge session with one mistake in it. */
final class EdgeMutants {
    private EdgeMutants() {}

    static EdgeSession.Step step(Mutant mutant, EdgeSession session, EdgeSession.Rules rules, Event event) {
        EdgeSession.Step step = session.step(rules, event);
        EdgeSession next = step.session();
        List<Effect> effects = new ArrayList<>(step.effects());
        boolean reborn =
                session.phase() == Phase.BORN && effects.stream().anyMatch(effect -> effect instanceof Effect.Nbirth);
        switch (mutant) {
            case BD_SEQ_RAISED_BY_REBIRTH -> {
                if (reborn) {
                    effects.replaceAll(
                            e -> e instanceof Effect.Nbirth b ? new Effect.Nbirth(b.bdSeq() + 1 & 0xFF, 0) : e);
                }
            }
            case BD_SEQ_OF_BIRTH_BEHIND_WILL ->
                effects.replaceAll(e -> e instanceof Effect.Nbirth b ? new Effect.Nbirth(b.bdSeq() - 1 & 0xFF, 0) : e);
            case SEQ_NOT_RESET_BY_REBIRTH -> {
                if (reborn) {
                    effects.replaceAll(
                            e -> e instanceof Effect.Nbirth b ? new Effect.Nbirth(b.bdSeq(), session.seq()) : e);
                    next = seq(next, session.seq() + 1 & 0xFF);
                }
            }
            case SEQ_WRAPS_LATE -> next = session.seq() == 255 && next.seq() == 0 && !reborn ? seq(next, 256) : next;
            case SEQ_WRAPS_EARLY -> next = next.seq() == 255 ? seq(next, 0) : next;
            case DDEATH_TAKES_NO_SEQ ->
                next = effects.stream().anyMatch(e -> e instanceof Effect.Ddeath) ? seq(next, session.seq()) : next;
            case DBIRTH_TAKES_NO_SEQ ->
                next = !reborn && effects.stream().anyMatch(e -> e instanceof Effect.Dbirth)
                        ? seq(next, Math.max(0, next.seq() - 1))
                        : next;
            case NDEATH_BEFORE_REBIRTH -> {
                if (reborn) {
                    effects.add(0, new Effect.Leave(session.bdSeq()));
                }
            }
            case DATA_WHILE_REBIRTH_IS_DUE -> {
                if (event instanceof Event.DataReady && session.rebirthDue()) {
                    effects.add(new Effect.Data(EdgeSession.NODE, session.seq()));
                    next = seq(next, session.seq() + 1 & 0xFF);
                }
            }
            case REBIRTH_WITHOUT_DEVICES -> {
                if (reborn && effects.removeIf(e -> e instanceof Effect.Dbirth)) {
                    next = seq(next, 1);
                }
            }
            case DEVICE_BORN_BEFORE_NODE -> Collections.reverse(effects);
            case DATA_OF_DEAD_DEVICE -> {
                if (event instanceof Event.DataReady data && effects.isEmpty() && session.phase() == Phase.BORN) {
                    effects.add(new Effect.Data(data.device(), session.seq()));
                    next = seq(next, session.seq() + 1 & 0xFF);
                }
            }
            default -> {}
        }
        return new EdgeSession.Step(next, effects);
    }

    private static EdgeSession seq(EdgeSession s, int seq) {
        return new EdgeSession(
                s.phase(),
                s.bdSeq(),
                seq,
                s.hostKnown(),
                s.hostOnline(),
                s.hostTimestampMillis(),
                s.rebirthAtNanos(),
                s.rebirthDue(),
                s.devices());
    }
}
