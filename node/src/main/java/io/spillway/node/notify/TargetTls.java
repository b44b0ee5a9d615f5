package io.spillway.node.notify;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** TLS to targets, which must show a certificate for the name that they are called by. */
final class TargetTls {
    private static final String CHECK_NAMES = "HTTPS";

    private TargetTls() {}

    /**
     * @param trust PEM file of the authorities that a certificate may come from; null: those that
     *     this machine's Java trusts
     * @throws IOException naming the file and what is wrong with it
     */
    static SslContext client(Path trust) throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .endpointIdentificationAlgorithm(CHECK_NAMES);
        if (trust == null) {
            return built(builder);
        }
        if (!Files.isReadable(trust)) {
            throw new IOException(trust + ": expected a file of certificates that can be read");
        }
        try {
            return built(builder.trustManager(trust.toFile()));
        } catch (IllegalArgumentException e) {
            throw new IOException(trust + ": expected certificates in PEM", e);
        }
    }

    private static SslContext built(SslContextBuilder builder) {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }
}
