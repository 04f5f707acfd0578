package dev.fieldproof.core.transport.mqtt;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a transport's description from an address. */
final class MqttAddress {
    private static final int PORT_TCP = 1883;
    private static final int PORT_SSL = 8883;

    private MqttAddress() {}

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it is malformed or has an unknown parameter
     */
    static MqttTransportBuilder parse(URI address) {
        boolean ssl = "ssl".equals(address.getScheme());
        String host = address.getHost();
        if (host == null) {
            throw new IllegalArgumentException("no host in " + address);
        }
        int port = address.getPort() >= 0 ? address.getPort() : ssl ? PORT_SSL : PORT_TCP;
        MqttTransportBuilder builder = MqttTransport.builder(host, port);
        Map<String, String> query = query(address);
        Optional<Path> ca = file(query, "ca");
        Optional<Path> certificate = file(query, "cert");
        Optional<Path> key = file(query, "key");
        Optional<String> password = Optional.ofNullable(query.remove("password"));
        if (ssl) {
            builder.tls(new MqttTls(ca, certificate, key, password));
        } else if (ca.isPresent() || certificate.isPresent() || key.isPresent()) {
            throw new IllegalArgumentException("certificates need ssl://, not tcp://: " + host);
        }
        Optional<String> user = Optional.ofNullable(query.remove("user"));
        String pass = query.getOrDefault("pass", "");
        query.remove("pass");
        user.ifPresent(name -> builder.credentials(name, pass));
        builder.version(version(query.getOrDefault("version", "5")));
        query.remove("version");
        builder.queue(
                Integer.parseInt(query.getOrDefault("queue", "" + MqttTransportBuilder.QUEUE_MAX_DEFAULT)),
                overflow(query.getOrDefault("overflow", "refuse-newest")));
        query.remove("queue");
        query.remove("overflow");
        if (!query.isEmpty()) {
            throw new IllegalArgumentException("unknown parameters " + query.keySet()
                    + "; known are version, ca, cert, key, password, user, pass, queue, overflow");
        }
        return builder;
    }

    private static Map<String, String> query(URI address) {
        Map<String, String> query = new LinkedHashMap<>();
        if (address.getRawQuery() != null) {
            for (String pair : address.getRawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("query parameter without value: " + pair);
                }
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static Optional<Path> file(Map<String, String> query, String name) {
        return Optional.ofNullable(query.remove(name)).map(Path::of);
    }

    private static MqttVersion version(String text) {
        return switch (text) {
            case "5" -> MqttVersion.V5;
            case "3.1.1" -> MqttVersion.V3_1_1;
            default -> throw new IllegalArgumentException("MQTT version is 5 or 3.1.1: " + text);
        };
    }

    private static Overflow overflow(String text) {
        return switch (text) {
            case "refuse-newest" -> Overflow.REFUSE_NEWEST;
            case "drop-oldest" -> Overflow.DROP_OLDEST;
            default -> throw new IllegalArgumentException("overflow is refuse-newest or drop-oldest: " + text);
        };
    }
}
