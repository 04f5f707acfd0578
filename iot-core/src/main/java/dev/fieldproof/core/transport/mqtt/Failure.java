package dev.fieldproof.core.transport.mqtt;

import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import java.security.cert.CertificateException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the library means.
 *
 * @param lossCause its kind
 * @param text for people
 * @param lasting whether trying again cannot help unless someone changes a configuration
 */
record Failure(LossCause lossCause, String text, boolean lasting) {
    private static final int MAX_CAUSES = 20;

    private static final Set<Mqtt5ConnAckReasonCode> PASSING = EnumSet.of(
            Mqtt5ConnAckReasonCode.UNSPECIFIED_ERROR,
            Mqtt5ConnAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE,
            Mqtt5ConnAckReasonCode.SERVER_BUSY,
            Mqtt5ConnAckReasonCode.QUOTA_EXCEEDED,
            Mqtt5ConnAckReasonCode.USE_ANOTHER_SERVER,
            Mqtt5ConnAckReasonCode.CONNECTION_RATE_EXCEEDED);

    private static final Set<Mqtt5ConnAckReasonCode> IDENTITY = EnumSet.of(
            Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD,
            Mqtt5ConnAckReasonCode.NOT_AUTHORIZED,
            Mqtt5ConnAckReasonCode.BAD_AUTHENTICATION_METHOD);

    static Failure of(Throwable thrown, String address) {
        for (Throwable t = thrown; t != null; t = next(t, thrown)) {
            Failure known = known(t, address);
            if (known != null) {
                return known;
            }
        }
        Throwable root = unwrap(thrown);
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        boolean silent = message.contains("Timeout while waiting for PINGRESP");
        return new Failure(silent ? LossCause.KEEP_ALIVE : LossCause.NETWORK, address + ": " + message, false);
    }

    private static @Nullable Failure known(Throwable t, String address) {
        if (t instanceof Mqtt5ConnAckException e) {
            Mqtt5ConnAckReasonCode code = e.getMqttMessage().getReasonCode();
            LossCause cause = IDENTITY.contains(code) ? LossCause.NOT_TRUSTED : LossCause.REFUSED;
            return new Failure(cause, address + " refused the connection: " + code, !PASSING.contains(code));
        } else if (t instanceof Mqtt3ConnAckException e) {
            Mqtt3ConnAckReturnCode code = e.getMqttMessage().getReturnCode();
            boolean identity = code == Mqtt3ConnAckReturnCode.BAD_USER_NAME_OR_PASSWORD
                    || code == Mqtt3ConnAckReturnCode.NOT_AUTHORIZED;
            return new Failure(
                    identity ? LossCause.NOT_TRUSTED : LossCause.REFUSED,
                    address + " refused the connection: " + code,
                    code != Mqtt3ConnAckReturnCode.SERVER_UNAVAILABLE);
        } else if (t instanceof Mqtt5DisconnectException e) {
            Mqtt5DisconnectReasonCode code = e.getMqttMessage().getReasonCode();
            return new Failure(cause(code), address + " ended the connection: " + code, false);
        } else if (t instanceof SSLException || t instanceof CertificateException) {
            return new Failure(
                    LossCause.NOT_TRUSTED,
                    "no trust between this client and " + address + ": "
                            + unwrap(t).getMessage()
                            + "; check the client certificate, its authority, and the broker's certificate",
                    true);
        }
        return null;
    }

    private static LossCause cause(Mqtt5DisconnectReasonCode code) {
        return switch (code) {
            case SESSION_TAKEN_OVER -> LossCause.TAKEN_OVER;
            case KEEP_ALIVE_TIMEOUT -> LossCause.KEEP_ALIVE;
            case NOT_AUTHORIZED -> LossCause.NOT_TRUSTED;
            default -> LossCause.REFUSED;
        };
    }

    private static @Nullable Throwable next(Throwable t, Throwable first) {
        int depth = 0;
        for (Throwable at = first; at != null && at != t; at = at.getCause()) {
            depth++;
        }
        return depth < MAX_CAUSES ? t.getCause() : null;
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable t = thrown;
        for (int i = 0; i < MAX_CAUSES && t.getCause() != null; i++) {
            if (!(t instanceof CompletionException)
                    && t.getMessage() != null
                    && !t.getMessage().contains("Exception")) {
                break;
            }
            t = t.getCause();
        }
        return t;
    }
}
