package dev.fieldproof.sparkplug.session;

import static dev.fieldproof.sparkplug.session.Model.require;

import dev.fieldproof.sparkplug.session.HostSession.Effect;
import dev.fieldproof.sparkplug.session.HostSession.Event;
import dev.fieldproof.sparkplug.session.HostSession.Status;
import dev.fieldproof.sparkplug.session.World.Change;
import dev.fieldproof.sparkplug.session.World.Kind;
import dev.fieldproof.sparkplug.session.World.Sent;
import java.util.ArrayList;
import java.util.List;

/** The host's side of the model. */
final class HostModel {
    private HostModel() {}

    static void receive(Model model, Change w, Sent sent) {
        if (sent.kind() == Kind.NDEATH) {
            if (model.mutant == Mutant.NDEATH_IGNORED) {
                return;
            }
            int bdSeq = model.mutant == Mutant.LATE_WILL_KILLS ? w.host.bdSeq() : sent.bdSeq();
            int believed = w.takenLife;
            Status before = w.host.status();
            step(model, w, new Event.Ndeath<>(bdSeq));
            if (before == Status.ONLINE && w.host.status() == Status.OFFLINE) {
                require(sent.life() == believed, "only the death of the life that is believed in counts");
            }
        } else if (sent.kind() == Kind.NBIRTH) {
            step(model, w, new Event.Nbirth<>(sent.seq(), sent.bdSeq(), sent.millis(), sent));
        } else {
            step(model, w, new Event.Sequenced<>(sent.seq(), sent.millis(), w.nanos, sent));
        }
    }

    static void step(Model model, Change w, Event<Sent> event) {
        HostSession<Sent> before = w.host;
        HostSession.Step<Sent> step = before.step(model.hostRules(), event);
        HostSession<Sent> next = step.session();
        List<Effect<Sent>> effects = new ArrayList<>(step.effects());
        switch (model.mutant) {
            case GAP_IGNORED -> {
                if (event instanceof Event.Sequenced<Sent> e
                        && before.status() == Status.ONLINE
                        && e.seq() != before.expected()) {
                    effects.clear();
                    effects.add(new Effect.Take<>(e.message(), false));
                    next = with(before, before.status(), e.seq() + 1 & 0xFF, before.held(), Long.MAX_VALUE);
                }
            }
            case GAP_NOT_ASKED_FOR -> effects.removeIf(e -> e instanceof Effect.AskRebirth);
            case HELD_SURVIVES_BIRTH -> {
                if (event instanceof Event.Nbirth && !before.held().isEmpty()) {
                    effects.clear();
                    effects.addAll(step.effects());
                    before.held().forEach(held -> effects.add(new Effect.Take<>(held.message(), false)));
                }
            }
            case DATA_WITHOUT_BIRTH -> {
                if (event instanceof Event.Sequenced<Sent> e && before.status() != Status.ONLINE) {
                    effects.clear();
                    effects.add(new Effect.Take<>(e.message(), false));
                    next = before;
                }
            }
            case REBIRTH_STORM -> {
                if (before.asked() && event instanceof Event.Sequenced) {
                    effects.add(new Effect.AskRebirth<>("again"));
                }
            }
            case EXPECTED_NOT_RESET_BY_BIRTH -> {
                if (event instanceof Event.Nbirth && before.status() == Status.ONLINE) {
                    next = with(next, next.status(), before.expected(), List.of(), Long.MAX_VALUE);
                }
            }
            case TIMER_NOT_STOPPED -> {
                if (event instanceof Event.Tick
                        && before.status() == Status.ONLINE
                        && before.held().isEmpty()) {
                    effects.add(new Effect.AskRebirth<>("timer"));
                }
            }
            default -> {}
        }
        w.host = next;
        for (Effect<Sent> effect : effects) {
            carryOut(w, before, effect);
        }
        require(
                w.host.held().isEmpty() || w.host.asked() || w.host.deadlineNanos() != Long.MAX_VALUE,
                "what waits, waits for a limited time");
    }

    private static void carryOut(Change w, HostSession<Sent> before, Effect<Sent> effect) {
        if (effect instanceof Effect.Take<Sent> take) {
            Sent sent = take.message();
            if (take.birth()) {
                w.takenBirth = sent.birth();
                w.takenLife = sent.life();
                w.takenOrdinal = 0;
                w.asks = 0;
            } else {
                // A newer birth that was lost goes unnoticed if the numbers happen to fit; an older one never may.
                boolean unnoticed = sent.birth() > w.takenBirth && w.takenBirth >= 0;
                require(sent.birth() == w.takenBirth || unnoticed, "messages belong to the birth that stands");
                int next = w.takenOrdinal + 1;
                require(
                        unnoticed ? (next & 0xFF) == sent.seq() : sent.ordinal() == next,
                        "messages are taken once and in order");
                w.takenOrdinal = next;
            }
        } else if (effect instanceof Effect.NodeDied<Sent>) {
            w.asks = 0;
        } else if (effect instanceof Effect.AskRebirth<Sent>) {
            require(++w.asks <= 1, "a rebirth is asked for once, until one comes");
            require(
                    before.deadlineNanos() != Long.MAX_VALUE || !w.host.held().isEmpty(),
                    "a rebirth is asked for only if something is missing");
            // A node that is not connected does not hear it.
            if (w.will >= 0) {
                w.commands++;
            }
        }
    }

    private static HostSession<Sent> with(
            HostSession<Sent> s, Status status, int expected, List<HostSession.Held<Sent>> held, long deadline) {
        return new HostSession<>(
                status, s.bdSeq(), s.birthMillis(), expected, held, deadline, s.asked(), s.lastMillis(), s.repeats());
    }
}
