package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.rom.Command;
import dev.fieldproof.serial.rom.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One request and its reply.
 *
 * @param state for logs
 * @param command the request
 * @param payloadBytes payload of a successful reply
 * @param timeoutMillis beyond the time the request takes on the wire
 */
record Exchange(String state, Command command, int payloadBytes, int timeoutMillis) {
    static final int DEFAULT_TIMEOUT_MILLIS = 3000;

    /** Why a request did not succeed. */
    sealed interface Fault {
        /** No reply in time. */
        record NoReply() implements Fault {}

        /** The loader refused. */
        record Nak(int error) implements Fault {}

        /** The port is gone. */
        record PortLost(String why) implements Fault {}
    }

    Exchange(String state, Command command) {
        this(state, command, 0, DEFAULT_TIMEOUT_MILLIS);
    }

    <R> Move<R> run(int baud, Function<Response, Move<R>> ok, Function<Fault, Move<R>> fault) {
        return run(baud, List.of(), ok, fault);
    }

    <R> Move<R> run(int baud, List<Effect> before, Function<Response, Move<R>> ok, Function<Fault, Move<R>> fault) {
        List<Effect> effects = new ArrayList<>(before);
        effects.add(new Effect.Send(command));
        long wireMillis = 2L * 10_000 * (command.data().length + 10) / baud;
        return new Move.Await<>(state, effects, (int) (timeoutMillis + wireMillis), event -> {
            if (event instanceof Event.Received received) {
                Optional<Response> response = Response.parse(received.packet()).filter(r -> r.op() == command.op());
                if (response.isEmpty()) {
                    return new Move.KeepWaiting<>();
                }
                int error = response.get().error(payloadBytes);
                return error == 0 ? ok.apply(response.get()) : fault.apply(new Fault.Nak(error));
            }
            if (event instanceof Event.Lost lost) {
                return fault.apply(new Fault.PortLost(lost.why()));
            }
            return fault.apply(new Fault.NoReply());
        });
    }
}
