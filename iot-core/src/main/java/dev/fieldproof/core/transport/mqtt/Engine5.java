package dev.fieldproof.core.transport.mqtt;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.unsubscribe.Mqtt5Unsubscribe;
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

/** MQTT 5.0. */
final class Engine5 implements Engine {
    /** Means "never" (MQTT 5.0, section 3.1.2.11.2). */
    private static final long EXPIRY_MAX_SECONDS = 0xFFFF_FFFFL;

    private final Mqtt5AsyncClient client;
    private final Optional<Settings.Credentials> credentials;

    Engine5(Settings settings, String clientId, Consumer<Throwable> lost) {
        client = Engine.configure(Mqtt5Client.builder(), settings, clientId, lost)
                .buildAsync();
        credentials = settings.credentials();
    }

    @Override
    public CompletableFuture<Accepted> connect(ConnectOptions options, boolean cleanStart, Optional<LastWill> will) {
        Mqtt5ConnectBuilder connect = Mqtt5Connect.builder()
                .keepAlive((int) Engine.seconds(options.keepAlive()))
                .cleanStart(cleanStart)
                .sessionExpiryInterval(Math.min(EXPIRY_MAX_SECONDS, Engine.seconds(options.sessionExpiry())));
        if (credentials.isPresent()) {
            connect = connect.simpleAuth()
                    .username(credentials.get().user())
                    .password(credentials.get().passwordBytes())
                    .applySimpleAuth();
        }
        if (will.isPresent()) {
            Message message = will.get().message();
            connect = connect.willPublish()
                    .topic(message.topic())
                    .payload(message.payload())
                    .qos(Engine.level(message.qos()))
                    .retain(message.retain())
                    .delayInterval(Math.min(
                            EXPIRY_MAX_SECONDS, Engine.seconds(will.get().delay())))
                    .applyWillPublish();
        }
        return client.connect(connect.build())
                .thenApply(ack -> new Accepted(
                        ack.isSessionPresent(), ack.getRestrictions().getReceiveMaximum()));
    }

    private static Mqtt5Publish publication(Message message) {
        return Mqtt5Publish.builder()
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
        return client.subscribe(Mqtt5Subscribe.builder()
                .topicFilter(filter.value())
                .qos(Engine.level(qos))
                .build());
    }

    @Override
    public void unsubscribe(TopicFilter filter) {
        CompletableFuture<?> unused = client.unsubscribe(
                Mqtt5Unsubscribe.builder().topicFilter(filter.value()).build());
    }

    @Override
    public CompletableFuture<Void> disconnect(boolean publishWill) {
        return publishWill
                ? client.disconnectWith()
                        .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
                        .send()
                : client.disconnect();
    }
}
