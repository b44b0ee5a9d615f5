package io.spillway.node.sim;

import io.spillway.crypto.Signer;
import io.spillway.node.TestCertificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One certificate and key a machine, of no authority: they tell machines apart. */
final class SimCertificates {
    private static final Map<String, TestCertificate> BY_NAME = new ConcurrentHashMap<>();

    private SimCertificates() {}

    static X509Certificate of(String machine) {
        return BY_NAME.computeIfAbsent(machine, SimCertificates::make).certificate();
    }

    static Signer signer(String machine) {
        TestCertificate made = BY_NAME.computeIfAbsent(machine, SimCertificates::make);
        return new Signer(SimWorld.ACCOUNT, made.key(), made.certificate());
    }

    private static TestCertificate make(String machine) {
        return TestCertificate.of(
                machine, Instant.EPOCH, Instant.ofEpochMilli(Long.MAX_VALUE >>> 20));
    }
}
