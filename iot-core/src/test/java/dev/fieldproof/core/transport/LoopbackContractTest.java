package dev.fieldproof.core.transport;

import dev.fieldproof.core.contract.TransportContract;
import dev.fieldproof.core.sim.SimClock;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Nested;

/** The contract on a perfect network and on a slow one; a lossy one keeps less order than the contract asks. */
class LoopbackContractTest {
    abstract static class OnLoopback extends TransportContract {
        private final SimClock clock = new SimClock(Instant.EPOCH);
        private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(7));

        OnLoopback(Faults faults) {
            broker.faults(faults);
        }

        @Override
        protected Transport newClient(String clientId) {
            return broker.client();
        }

        @Override
        protected boolean eventually(BooleanSupplier condition) {
            for (int i = 0; i < 300_000 && !condition.getAsBoolean(); i++) {
                clock.advance(Duration.ofMillis(1));
            }
            return condition.getAsBoolean();
        }

        @Override
        protected void settle() {
            clock.advance(Duration.ofMinutes(2));
        }

        @Override
        protected void cut(String clientId) {
            broker.cut(clientId);
        }

        @Override
        protected void restore(String clientId) {
            broker.restore(clientId);
        }
    }

    @Nested
    class Perfect extends OnLoopback {
        Perfect() {
            super(Faults.NONE);
        }
    }

    @Nested
    class Slow extends OnLoopback {
        Slow() {
            super(Faults.NONE.withDelay(Duration.ofMillis(20), Duration.ofMillis(300)));
        }
    }
}
