package io.spillway.node.sim;

import io.spillway.node.TestCertificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One certificate and key a machine. Nobody verifies them; they tell machines apart. */
final class SimCertificates {
    private static final Map<String, X509Certificate> BY_NAME = new ConcurrentHashMap<>();

    private SimCertificates() {}

    static X509Certificate of(String machine) {
        return BY_NAME.computeIfAbsent(machine, SimCertificates::make);
    }

    private static X509Certificate make(String machine) {
        return TestCertificate.of(
                        machine, Instant.EPOCH, Instant.ofEpochMilli(Long.MAX_VALUE >>> 20))
                .certificate();
    }
}
