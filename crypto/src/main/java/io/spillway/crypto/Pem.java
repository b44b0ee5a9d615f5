package io.spillway.crypto;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Textual encodings of RFC 7468. */
final class Pem {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String CRL = "X509 CRL";

    private Pem() {}

    static String encode(String type, byte[] der) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, der));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return text.toString();
    }

    /**
     * All objects of the text.
     *
     * @throws IOException when one is not of this type, or it is no PEM at all
     */
    static List<byte[]> decodeAll(String type, String text) throws IOException {
        List<byte[]> all = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject each = reader.readPemObject();
                    each != null;
                    each = reader.readPemObject()) {
                all.add(content(type, each));
            }
        } catch (RuntimeException e) {
            throw new IOException(notPem(type), e);
        }
        return all.isEmpty() ? List.of(decode(type, text)) : all;
    }

    /**
     * The first object of the text.
     *
     * @throws IOException when it is not of this type, or no PEM at all
     */
    static byte[] decode(String type, String text) throws IOException {
        PemObject object;
        try (PemReader reader = new PemReader(new StringReader(text))) {
            object = reader.readPemObject();
        } catch (IOException | RuntimeException e) {
            throw new IOException(notPem(type), e);
        }
        return content(type, object);
    }

    private static String notPem(String type) {
        return "not PEM, expected -----BEGIN " + type + "-----";
    }

    private static byte[] content(String type, PemObject object) throws IOException {
        if (object == null || !object.getType().equals(type)) {
            String found = object == null ? "no PEM object" : "a " + object.getType();
            throw new IOException("found " + found + ", expected a " + type);
        }
        return object.getContent();
    }
}
