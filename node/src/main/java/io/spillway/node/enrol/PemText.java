package io.spillway.node.enrol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** RFC 7468 around DER: identities are kept as text, and travel as bytes. */
final class PemText {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";
    static final String CRL = "X509 CRL";

    private static final int LINE_LENGTH = 64;

    private PemText() {}

    static String encode(String type, byte[] der) {
        byte[] newline = {'\n'};
        String body = Base64.getMimeEncoder(LINE_LENGTH, newline).encodeToString(der);
        return begin(type) + "\n" + body + "\n" + end(type) + "\n";
    }

    /** Of text that we wrote ourselves. */
    static byte[] decode(String type, String text) {
        int begin = text.indexOf(begin(type));
        int end = text.indexOf(end(type));
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("no " + type + " in PEM");
        }
        String body = text.substring(begin + begin(type).length(), end);
        return Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.US_ASCII));
    }

    private static String begin(String type) {
        return "-----BEGIN " + type + "-----";
    }

    private static String end(String type) {
        return "-----END " + type + "-----";
    }
}
