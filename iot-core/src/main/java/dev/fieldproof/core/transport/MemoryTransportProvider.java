package dev.fieldproof.core.transport;

import dev.fieldproof.core.Scheduler;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;

/**
 * The transport that needs no server: {@code memory:/NAME} is a client of this process's {@link LoopbackBroker} of that
 * name, on a perfect network and in real time. The first client of a name makes the broker, which then stays as long as
 * the process, with its sessions and retained messages. At most {@value #BROKERS_MAX} names. Thread-safe.
 */
public final class MemoryTransportProvider implements TransportProvider {
    /** Most brokers in one process. */
    public static final int BROKERS_MAX = 1_000;

    private static final Map<String, LoopbackBroker> BROKERS = new HashMap<>();

    /** For {@link java.util.ServiceLoader}. */
    public MemoryTransportProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public Transport open(URI address) {
        String name = address.getPath();
        if (name == null || name.length() < 2 || address.getAuthority() != null || address.getQuery() != null) {
            throw new IllegalArgumentException("not of the form memory:/NAME: " + address);
        }
        return broker(name.substring(1)).client();
    }

    static synchronized LoopbackBroker broker(String name) {
        LoopbackBroker known = BROKERS.get(name);
        if (known != null) {
            return known;
        }
        if (BROKERS.size() == BROKERS_MAX) {
            throw new IllegalArgumentException(
                    "this process has " + BROKERS_MAX + " brokers in memory, and none of the name " + name);
        }
        LoopbackBroker made = new LoopbackBroker(Clock.SCHEDULER, new SplittableRandom());
        BROKERS.put(name, made);
        return made;
    }

    /** One thread for all brokers, started with the first. */
    private static final class Clock {
        static final Scheduler SCHEDULER = Scheduler.of(Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "fieldproof-memory-broker");
            thread.setDaemon(true);
            return thread;
        }));
    }
}
