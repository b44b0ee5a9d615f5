package io.spillway.routing.bgp;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Why a session ends, as told to the other side (RFC 4271 section 4.5). The data are not copied and
 * not to be changed.
 */
public record Notification(int code, int subcode, byte[] data) {
    // RFC 4271 section 4.5; 7: RFC 7313; 8: RFC 9687.
    static final int MESSAGE_HEADER = 1;
    static final int OPEN = 2;
    static final int UPDATE = 3;
    static final int HOLD_TIMER = 4;
    static final int STATE_MACHINE = 5;
    static final int CEASE = 6;
    static final int ROUTE_REFRESH = 7;
    static final int SEND_HOLD_TIMER = 8;

    static final int NOT_SYNCHRONIZED = 1;
    static final int BAD_LENGTH = 2;
    static final int BAD_TYPE = 3;

    static final int UNSUPPORTED_VERSION = 1;
    static final int BAD_PEER_AS = 2;
    static final int BAD_IDENTIFIER = 3;
    static final int UNSUPPORTED_PARAMETER = 4;
    static final int UNACCEPTABLE_HOLD_TIME = 6;
    static final int UNSUPPORTED_CAPABILITY = 7;

    static final int MALFORMED_ATTRIBUTES = 1;
    static final int UNRECOGNIZED_WELL_KNOWN = 2;
    static final int OPTIONAL_ATTRIBUTE = 9;
    static final int INVALID_NETWORK = 10;

    // RFC 4486; 10: RFC 9384.
    static final int PREFIX_LIMIT = 1;
    static final int ADMINISTRATIVE_SHUTDOWN = 2;
    static final int ADMINISTRATIVE_RESET = 4;
    static final int CONNECTION_REJECTED = 5;
    static final int COLLISION = 7;
    static final int BFD_DOWN = 10;

    /** RFC 9003: bytes of UTF-8. */
    static final int SHUTDOWN_TEXT_MAX = 255;

    private static final Map<Integer, String> CODES =
            Map.of(
                    MESSAGE_HEADER, "message header error",
                    OPEN, "OPEN message error",
                    UPDATE, "UPDATE message error",
                    HOLD_TIMER, "hold timer expired",
                    STATE_MACHINE, "finite state machine error",
                    CEASE, "cease",
                    ROUTE_REFRESH, "ROUTE-REFRESH message error",
                    SEND_HOLD_TIMER, "send hold timer expired");

    private static final Map<Integer, String[]> SUBCODES =
            Map.of(
                    MESSAGE_HEADER,
                    names("connection not synchronized", "bad message length", "bad message type"),
                    OPEN,
                    names(
                            "unsupported version number",
                            "bad peer AS",
                            "bad BGP identifier",
                            "unsupported optional parameter",
                            "authentication failure",
                            "unacceptable hold time",
                            "unsupported capability"),
                    UPDATE,
                    names(
                            "malformed attribute list",
                            "unrecognized well-known attribute",
                            "missing well-known attribute",
                            "attribute flags error",
                            "attribute length error",
                            "invalid ORIGIN",
                            "AS routing loop",
                            "invalid NEXT_HOP",
                            "optional attribute error",
                            "invalid network field",
                            "malformed AS_PATH"),
                    STATE_MACHINE,
                    names(
                            "unexpected message in OpenSent",
                            "unexpected message in OpenConfirm",
                            "unexpected message in Established"),
                    CEASE,
                    names(
                            "maximum number of prefixes reached",
                            "administrative shutdown",
                            "peer de-configured",
                            "administrative reset",
                            "connection rejected",
                            "other configuration change",
                            "connection collision resolution",
                            "out of resources",
                            "hard reset",
                            "BFD down"),
                    ROUTE_REFRESH,
                    names("invalid message length"));

    private static final byte[] NO_DATA = {};

    private static String[] names(String... names) {
        return names;
    }

    static Notification of(int code, int subcode) {
        return new Notification(code, subcode, NO_DATA);
    }

    /** A cease with a text for the other side's people (RFC 9003), cut where it is too long. */
    static Notification shutdown(int subcode, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, SHUTDOWN_TEXT_MAX);
        while (length > 0 && length < utf8.length && (utf8[length] & 0xC0) == 0x80) {
            length--; // not within a character
        }
        byte[] data = new byte[1 + length];
        data[0] = (byte) length;
        System.arraycopy(utf8, 0, data, 1, length);
        return new Notification(CEASE, subcode, data);
    }

    /** For people: codes in words, and the other side's text, if it sent one. */
    public String describe() {
        StringBuilder text = new StringBuilder(CODES.getOrDefault(code, "error " + code));
        String[] known = SUBCODES.get(code);
        if (known != null && subcode >= 1 && subcode <= known.length) {
            text.append(", ").append(known[subcode - 1]);
        } else if (subcode != 0) {
            text.append(", subcode ").append(subcode);
        }
        String said = shutdownText();
        return said.isEmpty() ? text.toString() : text.append(": \"") + said + "\"";
    }

    /** Empty when there is none. Control characters are not passed on. */
    private String shutdownText() {
        boolean hasText =
                code == CEASE
                        && (subcode == ADMINISTRATIVE_SHUTDOWN || subcode == ADMINISTRATIVE_RESET);
        if (!hasText || data.length == 0 || Wire.u8(data, 0) > data.length - 1) {
            return "";
        }
        String said = new String(data, 1, Wire.u8(data, 0), StandardCharsets.UTF_8);
        return said.replaceAll("\\p{Cntrl}", "?");
    }
}
