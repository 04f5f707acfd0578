package dev.fieldproof.core.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.core.sim.SimClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random histories of a sender and a receiver on a bad network. */
class LoopbackPropertyTest {
    private static final List<String> CLIENTS = List.of("sender", "receiver");

    private enum Action {
        PUBLISH_1,
        PUBLISH_2,
        CUT,
        HALF_OPEN,
        RESTORE,
        RESTART,
        KILL_SENDER,
        WAIT,
        WEATHER
    }

    private record Step(Action action, long number) {}

    private static List<Step> history(RandomGenerator random) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            steps.add(new Step(Action.values()[random.nextInt(Action.values().length)], random.nextLong()));
        }
        return steps;
    }

    /** Plays a history; its text is the same for the same steps, which is what determinism means here. */
    private static final class Play {
        private final SimClock clock = new SimClock(Instant.EPOCH);
        private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(11));
        private final Map<String, Integer> handled = new TreeMap<>();
        private final Map<String, CompletableFuture<Void>> published = new TreeMap<>();
        private final StringBuilder log = new StringBuilder();
        private Transport sender = open("sender");

        Play() {
            Transport receiver = open("receiver");
            receiver.watch(state -> log.append(clock.nanoTime()).append(state).append('\n'));
            receiver.subscribe(new TopicFilter("#"), Qos.EXACTLY_ONCE, message -> {
                handled.merge(new String(message.payload(), UTF_8), 1, Integer::sum);
                log.append(clock.nanoTime()).append(message).append('\n');
            });
            clock.advance(Duration.ofSeconds(1));
        }

        private Transport open(String clientId) {
            Transport client = broker.client();
            var unused = client.connect(ConnectOptions.of(clientId).withPersistentSession(Duration.ofDays(9)));
            return client;
        }

        Play run(List<Step> steps) {
            for (int i = 0; i < steps.size(); i++) {
                step(steps.get(i), i);
                clock.advance(Duration.ofMillis(steps.get(i).number & 0x3FF));
            }
            CLIENTS.forEach(broker::restore);
            broker.faults(Faults.NONE);
            clock.advance(Duration.ofMinutes(30));
            return this;
        }

        private void step(Step step, int index) {
            String clientId = CLIENTS.get((int) (step.number & 1));
            switch (step.action) {
                case PUBLISH_1 -> publish("one-" + index, Qos.AT_LEAST_ONCE);
                case PUBLISH_2 -> publish("two-" + index, Qos.EXACTLY_ONCE);
                case CUT -> broker.cut(clientId);
                case HALF_OPEN -> broker.halfOpen(clientId);
                case RESTORE -> broker.restore(clientId);
                case RESTART -> broker.restart();
                case KILL_SENDER -> {
                    broker.kill(sender);
                    sender = open("sender");
                }
                case WAIT -> clock.advance(Duration.ofSeconds(step.number & 0x7F));
                case WEATHER ->
                    broker.faults(new Faults(
                            (step.number & 3) * 0.1,
                            (step.number >> 2 & 3) * 0.1,
                            (step.number >> 4 & 3) * 0.1,
                            Duration.ZERO,
                            Duration.ofMillis(step.number >> 6 & 0xFF)));
            }
        }

        private void publish(String text, Qos qos) {
            published.put(text, sender.publish(new Message("t", text.getBytes(UTF_8), qos, false)));
        }
    }

    @Test
    void whatWasAcknowledgedArrivesAndExactlyOnceMeansOnce() {
        SeededRuns.checkLists(300, LoopbackPropertyTest::history, steps -> {
            Play play = new Play().run(steps);
            play.published.forEach((text, done) -> {
                int times = play.handled.getOrDefault(text, 0);
                assertTrue(!done.isDone() || times >= 1, () -> text + " is lost");
                assertTrue(!text.startsWith("two") || times <= 1, () -> text + " arrived " + times + " times");
            });
        });
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        SeededRuns.check(20, random -> {
            List<Step> steps = history(random);
            assertEquals(
                    new Play().run(steps).log.toString(),
                    new Play().run(steps).log.toString());
        });
    }
}
