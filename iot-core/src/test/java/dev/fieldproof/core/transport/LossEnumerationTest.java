package dev.fieldproof.core.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.Exchanges.Mutant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two messages from a sender to a receiver, with every fate at every packet on the way, pairs of such (every third, all
 * of them when {@code fieldproof.runs} is raised), and the receiver's death in every handler call; and the mutants that
 * this must notice.
 */
class LossEnumerationTest {
    private static final List<String> SENT = List.of("first", "second");
    private static final int NEVER = -1;

    /** What may happen to a packet. */
    private enum Fate {
        DROP,
        DUPLICATE,
        LATE,
        CUT_BEFORE,
        CUT_AFTER,
        HALF_OPEN,
        RESTART
    }

    private record Aim(int packet, Fate fate) {}

    /** One history from connecting to long after. */
    private static final class History implements LoopbackBroker.Meddler {
        private final SimClock clock = new SimClock(Instant.EPOCH);
        private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(3));
        private final Qos qos;
        private final List<Aim> aims;
        private final int deadlyCall;
        private final Map<String, Integer> handled = new TreeMap<>();
        private final List<CompletableFuture<Void>> published = new ArrayList<>();
        private Transport receiver = broker.client();
        private int packets;
        private int calls;

        History(Qos qos, List<Aim> aims, int deadlyCall, List<Mutant> mutants) {
            this.qos = qos;
            this.aims = aims;
            this.deadlyCall = deadlyCall;
            broker.meddler = this;
            broker.mutants.addAll(mutants);
        }

        History run(Duration howLong) {
            Transport sender = broker.client();
            var unused1 = sender.connect(options("sender"));
            var unused2 = receive()
                    .granted()
                    .thenRun(() -> SENT.forEach(
                            text -> published.add(sender.publish(new Message("t", text.getBytes(UTF_8), qos, false)))));
            clock.advance(howLong);
            return this;
        }

        private static ConnectOptions options(String clientId) {
            return ConnectOptions.of(clientId).withPersistentSession(Duration.ofDays(1));
        }

        private Subscription receive() {
            Transport current = receiver;
            var unused = current.connect(options("receiver"));
            return current.subscribe(new TopicFilter("t"), qos, message -> {
                if (receiver != current) {
                    return; // handed to a process that is dead already
                }
                if (calls++ == deadlyCall) {
                    broker.kill(current);
                    receiver = broker.client();
                    receive();
                } else {
                    handled.merge(new String(message.payload(), UTF_8), 1, Integer::sum);
                }
            });
        }

        @Override
        public void meddle(String clientId, Packet packet, Runnable pass) {
            int number = packets++;
            Fate fate = aims.stream()
                    .filter(aim -> aim.packet == number)
                    .map(aim -> aim.fate)
                    .findFirst()
                    .orElse(null);
            if (fate == null) {
                pass.run();
                return;
            }
            switch (fate) {
                case DROP -> {}
                case DUPLICATE -> {
                    pass.run();
                    pass.run();
                }
                case LATE -> clock.schedule(LoopbackBroker.RETRANSMIT.multipliedBy(3), pass);
                case CUT_BEFORE -> cut(clientId);
                case CUT_AFTER -> {
                    pass.run();
                    cut(clientId);
                }
                case HALF_OPEN -> {
                    broker.halfOpen(clientId);
                    clock.schedule(Duration.ofMinutes(2), () -> broker.restore(clientId));
                }
                case RESTART -> broker.restart();
            }
        }

        private void cut(String clientId) {
            broker.cut(clientId);
            broker.restore(clientId);
        }

        boolean holds() {
            return published.size() == SENT.size()
                    && published.stream().allMatch(f -> f.isDone() && !f.isCompletedExceptionally())
                    && SENT.stream().allMatch(text -> {
                        int times = handled.getOrDefault(text, 0);
                        return qos == Qos.EXACTLY_ONCE ? times == 1 : times >= 1;
                    });
        }

        @Override
        public String toString() {
            long done = published.stream().filter(CompletableFuture::isDone).count();
            return qos + " " + aims + ", death in call " + deadlyCall + ": handled " + handled + ", " + done + " done";
        }
    }

    private static final Duration LONG = Duration.ofMinutes(10);

    private static int packets(Qos qos) {
        History clean = new History(qos, List.of(), NEVER, List.of()).run(Duration.ofSeconds(1));
        assertTrue(clean.holds(), clean::toString);
        return clean.packets;
    }

    private static List<History> failures(Qos qos, boolean pairs, List<Mutant> mutants) {
        List<History> failures = new ArrayList<>();
        int packets = packets(qos);
        List<Aim> aims = new ArrayList<>();
        for (int packet = 0; packet < packets; packet++) {
            for (Fate fate : Fate.values()) {
                aims.add(new Aim(packet, fate));
            }
        }
        List<History> all = new ArrayList<>();
        int stride = Integer.getInteger("fieldproof.runs", 1) > 1 ? 1 : 3;
        int pair = 0;
        for (Aim aim : aims) {
            all.add(new History(qos, List.of(aim), NEVER, mutants));
            for (Aim other : pairs ? aims : List.<Aim>of()) {
                if (other.packet > aim.packet && pair++ % stride == 0) {
                    all.add(new History(qos, List.of(aim, other), NEVER, mutants));
                }
            }
        }
        for (int call = 0; call < SENT.size(); call++) {
            all.add(new History(qos, List.of(), call, mutants));
        }
        for (History history : all) {
            if (!history.run(LONG).holds()) {
                failures.add(history);
            }
        }
        return failures;
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
    void thePromiseSurvivesEveryFateAtEveryPacket(Qos qos) {
        assertEquals(List.of(), failures(qos, false, List.of()));
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
    void thePromiseSurvivesEveryPairOfFates(Qos qos) {
        List<History> failures = failures(qos, true, List.of());
        assertEquals(List.of(), failures.subList(0, Math.min(5, failures.size())), () -> failures.size() + " fail");
    }

    @ParameterizedTest
    @EnumSource
    void noticesEveryMutant(Mutant mutant) {
        boolean noticed = !failures(Qos.EXACTLY_ONCE, false, List.of(mutant)).isEmpty()
                || !failures(Qos.AT_LEAST_ONCE, false, List.of(mutant)).isEmpty();
        assertTrue(noticed, () -> mutant + " goes unnoticed");
    }

    @Test
    void anAcknowledgementBeforeTheHandlerLosesTheMessageOfAHandlerThatDies() {
        History history = new History(Qos.AT_LEAST_ONCE, List.of(), 0, List.of(Mutant.ACKNOWLEDGED_TOO_EARLY));
        assertFalse(history.run(LONG).handled.containsKey("first"));
    }
}
