package io.spillway.node.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves to a webhook's receiver who called: HMAC-SHA-256 over the time in the header, a point, and
 * the body. The receiver turns down what is older than it likes.
 */
public final class WebhookSecret {
    public static final String TIME_HEADER = "X-Spillway-Timestamp";
    public static final String SIGNATURE_HEADER = "X-Spillway-Signature";
    static final int LENGTH_MIN = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private WebhookSecret(byte[] secret) {
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * The file's text, without white space around it.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    public static WebhookSecret read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + ": expected a file with a secret that can be read");
        }
        byte[] secret =
                Files.readString(file, StandardCharsets.ISO_8859_1)
                        .strip()
                        .getBytes(StandardCharsets.ISO_8859_1);
        if (secret.length < LENGTH_MIN) {
            throw new IOException(
                    file
                            + ": a secret of "
                            + secret.length
                            + " bytes, expected "
                            + LENGTH_MIN
                            + " or more");
        }
        return new WebhookSecret(secret);
    }

    /** As the header has it. */
    public String sign(String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((time + ".").getBytes(StandardCharsets.US_ASCII));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }
}
