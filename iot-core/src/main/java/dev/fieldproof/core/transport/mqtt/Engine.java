package dev.fieldproof.core.transport.mqtt;

import com.hivemq.client.mqtt.MqttClientBuilderBase;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One client object of the library, which holds the client's side of one session. Thread-safe. */
interface Engine {
    Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Makes one.
     *
     * @param lost called with the cause whenever a connection or an attempt has failed, on a thread of the library's
     */
    static Engine of(Settings settings, String clientId, Consumer<Throwable> lost) {
        return settings.version() == MqttVersion.V5
                ? new Engine5(settings, clientId, lost)
                : new Engine3(settings, clientId, lost);
    }

    /**
     * The broker's consent.
     *
     * @param sessionPresent whether it held the session
     * @param inFlightMax most unacknowledged publications it takes
     */
    record Accepted(boolean sessionPresent, int inFlightMax) {}

    /** Connects once. */
    CompletableFuture<Accepted> connect(ConnectOptions options, boolean cleanStart, Optional<LastWill> will);

    /** Hands out every message with its acknowledgement; ends when the session ends. */
    void receive(BiConsumer<Message, Runnable> receiver, Executor executor);

    CompletableFuture<?> publish(Message message);

    CompletableFuture<?> subscribe(TopicFilter filter, Qos qos);

    void unsubscribe(TopicFilter filter);

    /** Says goodbye; version 5 asks for the will all the same if it is to. */
    CompletableFuture<Void> disconnect(boolean publishWill);

    /** What both protocol versions configure alike. */
    static <B extends MqttClientBuilderBase<B>> B configure(
            B builder, Settings settings, String clientId, Consumer<Throwable> lost) {
        var transport = builder.identifier(clientId)
                .addDisconnectedListener(context -> {
                    if (context.getSource() != MqttDisconnectSource.USER) {
                        lost.accept(context.getCause());
                    }
                })
                .transportConfig()
                .serverHost(settings.host())
                .serverPort(settings.port())
                .socketConnectTimeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .mqttConnectTimeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        if (settings.secure().isPresent()) {
            var unused = transport.sslConfig(ssl(settings.secure().get()));
        }
        return transport.applyTransportConfig();
    }

    private static MqttClientSslConfig ssl(Settings.Secure secure) {
        return MqttClientSslConfig.builder()
                .trustManagerFactory(secure.trust())
                .keyManagerFactory(secure.identity())
                .build();
    }

    static MqttQos level(Qos qos) {
        return switch (qos) {
            case AT_MOST_ONCE -> MqttQos.AT_MOST_ONCE;
            case AT_LEAST_ONCE -> MqttQos.AT_LEAST_ONCE;
            case EXACTLY_ONCE -> MqttQos.EXACTLY_ONCE;
        };
    }

    static Qos qos(MqttQos level) {
        return switch (level) {
            case AT_MOST_ONCE -> Qos.AT_MOST_ONCE;
            case AT_LEAST_ONCE -> Qos.AT_LEAST_ONCE;
            case EXACTLY_ONCE -> Qos.EXACTLY_ONCE;
        };
    }

    /** Whole seconds, up, since MQTT counts in those. */
    static long seconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }
}
