package dev.fieldproof.ota.identity;

import java.util.List;

/**
 * The device's side of provisioning as a pure state machine. What it must not forget is in the key store; this state is
 * lost with the power, and begins again.
 *
 * <pre>
 * ASKING --created--> REGISTERING --registered--> ENDED
 *    ^                     |
 *    +---- token gone -----+
 * </pre>
 */
final class ClaimMachine {
    private ClaimMachine() {}

    enum Phase {
        ASKING,
        REGISTERING,
        ENDED
    }

    /**
     * Where a claim stands.
     *
     * @param phase what is awaited
     * @param token the ownership token while registering
     * @param certificatePem the certificate while registering
     * @param attempts requests sent so far
     * @param maxAttempts requests that may be sent
     */
    record State(Phase phase, String token, String certificatePem, int attempts, int maxAttempts) {
        static State begin(int maxAttempts) {
            return new State(Phase.ASKING, "", "", 0, maxAttempts);
        }
    }

    sealed interface Event {}

    /** The power came on, or no answer came in time to the request of this number. */
    record Again(int afterAttempt) implements Event {}

    /** A certificate for the device's own key. */
    record Created(String token, String certificatePem) implements Event {}

    record Registered(String thingName) implements Event {}

    record Refused(int statusCode, String errorCode, String errorMessage) implements Event {}

    sealed interface Effect {}

    record AskCertificate() implements Effect {}

    record AskThing(String token) implements Effect {}

    /** Make the certificate durable, then report the end. */
    record Keep(String thingName, String certificatePem) implements Effect {}

    record GiveUp(ProvisioningResult result) implements Effect {}

    record Step(State next, List<Effect> effects) {}

    static Step step(State state, Event event) {
        if (state.phase() == Phase.ENDED) {
            return new Step(state, List.of());
        }
        if (event instanceof Again again) {
            return again.afterAttempt() == state.attempts() ? ask(state) : new Step(state, List.of());
        }
        if (event instanceof Created created) {
            return state.phase() == Phase.ASKING
                    ? ask(new State(
                            Phase.REGISTERING,
                            created.token(),
                            created.certificatePem(),
                            state.attempts(),
                            state.maxAttempts()))
                    : new Step(state, List.of());
        }
        if (event instanceof Registered registered) {
            return state.phase() == Phase.REGISTERING
                    ? end(state, new Keep(registered.thingName(), state.certificatePem()))
                    : new Step(state, List.of());
        }
        Refused refused = (Refused) event;
        boolean forgotten = refused.errorCode().equals(ProvisioningTopics.INVALID_TOKEN);
        if (forgotten) {
            // The certificate was forgotten before it was bound: begin again, with the same key.
            return state.phase() == Phase.REGISTERING
                    ? ask(new State(Phase.ASKING, "", "", state.attempts(), state.maxAttempts()))
                    : new Step(state, List.of());
        }
        return end(
                state,
                new GiveUp(new ProvisioningResult.Rejected(
                        refused.statusCode(), refused.errorCode(), refused.errorMessage())));
    }

    private static Step end(State state, Effect effect) {
        return new Step(new State(Phase.ENDED, "", "", state.attempts(), state.maxAttempts()), List.of(effect));
    }

    private static Step ask(State state) {
        if (state.attempts() >= state.maxAttempts()) {
            return end(state, new GiveUp(new ProvisioningResult.NoAnswer(state.attempts())));
        }
        Effect effect = state.phase() == Phase.ASKING ? new AskCertificate() : new AskThing(state.token());
        return new Step(
                new State(
                        state.phase(),
                        state.token(),
                        state.certificatePem(),
                        state.attempts() + 1,
                        state.maxAttempts()),
                List.of(effect));
    }
}
