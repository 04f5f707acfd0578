package dev.fieldproof.core.transport.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.unsubscribe.Mqtt3Unsubscribe;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** MQTT 3.1.1. */
final class Engine3 implements Engine {
    private final Mqtt3AsyncClient client;
    private final Optional<Settings.Credentials> credentials;

    Engine3(Settings settings, String clientId, Consumer<Throwable> lost) {
        client = Engine.configure(Mqtt3Client.builder(), settings, clientId, lost)
                .buildAsync();
        credentials = settings.credentials();
    }

    /** A clean session is both: the former one is forgotten, and this one ends with the connection. */
    @Override
    public CompletableFuture<Accepted> connect(ConnectOptions options, boolean cleanStart, Optional<LastWill> will) {
        if (cleanStart && !options.sessionExpiry().isZero()) {
            return connect(options, true, true, Optional.empty())
                    .thenCompose(present -> client.disconnect())
                    .thenCompose(done -> connect(options, false, false, will));
        }
        return connect(options, false, options.sessionExpiry().isZero(), will);
    }

    private CompletableFuture<Accepted> connect(
            ConnectOptions options, boolean passing, boolean cleanSession, Optional<LastWill> will) {
        Mqtt3ConnectBuilder connect = Mqtt3Connect.builder()
                .keepAlive(passing ? 60 : (int) Engine.seconds(options.keepAlive()))
                .cleanSession(cleanSession);
        if (credentials.isPresent()) {
            connect = connect.simpleAuth()
                    .username(credentials.get().user())
                    .password(credentials.get().passwordBytes())
                    .applySimpleAuth();
        }
        if (will.isPresent()) {
            connect = connect.willPublish(publication(will.get().message()));
        }
        return client.connect(connect.build())
                .thenApply(ack -> new Accepted(ack.isSessionPresent(), Outgoing.WINDOW_MAX));
    }

    private static Mqtt3Publish publication(Message message) {
        return Mqtt3Publish.builder()
                .topic(message.topic())
                .payload(message.payload())
                .qos(Engine.level(message.qos()))
                .retain(message.retain())
                .build();
    }

    @Override
    public void receive(BiConsumer<Message, Runnable> receiver, Executor executor) {
        client.publishes(
                MqttGlobalPublishFilter.ALL,
                p -> receiver.accept(
                        new Message(
                                p.getTopic().toString(), p.getPayloadAsBytes(), Engine.qos(p.getQos()), p.isRetain()),
                        p::acknowledge),
                executor,
                true);
    }

    @Override
    public CompletableFuture<?> publish(Message message) {
        return client.publish(publication(message));
    }

    @Override
    public CompletableFuture<?> subscribe(TopicFilter filter, Qos qos) {
        return client.subscribe(Mqtt3Subscribe.builder()
                .topicFilter(filter.value())
                .qos(Engine.level(qos))
                .build());
    }

    @Override
    public void unsubscribe(TopicFilter filter) {
        CompletableFuture<?> unused = client.unsubscribe(
                Mqtt3Unsubscribe.builder().topicFilter(filter.value()).build());
    }

    @Override
    public CompletableFuture<Void> disconnect(boolean publishWill) {
        return client.disconnect();
    }
}
