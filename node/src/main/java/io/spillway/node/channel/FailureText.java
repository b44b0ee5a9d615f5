package io.spillway.node.channel;

import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.spillway.control.wire.WireException;
import io.spillway.crypto.PeerRefusedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** Why a connection ended, in one line, from the exception that says so. */
public final class FailureText {
    public static final String CLOSED_BY_FAR_SIDE = "closed by the far side";

    private static final String ALERT = "Received fatal alert: ";

    private FailureText() {}

    public static String of(Throwable thrown) {
        String telling = null;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String text = known(cause);
            telling = text == null ? telling : text;
        }
        return PlainText.of(telling == null ? thrown.toString() : telling);
    }

    /** Whether it is the network's or the far side's doing, not a fault in our code. */
    static boolean isExpected(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (known(cause) != null) {
                return true;
            }
        }
        return false;
    }

    /** Null: says nothing that its cause or its wrapper would not say better. */
    private static String known(Throwable cause) {
        return switch (cause) {
            case PeerRefusedException refused -> "refused its certificate: " + refused.getMessage();
            case WireException malformed -> "malformed message: " + malformed.getMessage();
            case TooLongFrameException _ -> "malformed message: too long";
            case CorruptedFrameException _ -> "malformed message: length is no varint";
            case NotSslRecordException _ -> "not TLS";
            case SslHandshakeTimeoutException _ -> "TLS handshake not finished in time";
            case ClosedChannelException _ -> CLOSED_BY_FAR_SIDE;
            case SSLException tls -> tls(String.valueOf(tls.getMessage()));
            case IOException failed -> String.valueOf(failed.getMessage());
            default -> null;
        };
    }

    private static String tls(String message) {
        int alert = message.indexOf(ALERT);
        if (alert < 0) {
            return message.startsWith("Connection closed") ? CLOSED_BY_FAR_SIDE : "TLS: " + message;
        }
        String name = message.substring(alert + ALERT.length());
        return name.contains("certificate")
                ? "the far side refused our certificate (TLS alert " + name + ")"
                : "TLS alert " + name + " from the far side";
    }
}
