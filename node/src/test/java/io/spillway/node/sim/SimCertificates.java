package io.spillway.node.sim;

import io.spillway.crypto.Signer;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** One certificate and key a machine, of no authority: they tell machines apart. */
final class SimCertificates {
    private static final Map<String, Machine> BY_NAME = new ConcurrentHashMap<>();

    private record Machine(X509Certificate certificate, PrivateKey key) {}

    private SimCertificates() {}

    static X509Certificate of(String machine) {
        return BY_NAME.computeIfAbsent(machine, SimCertificates::make).certificate();
    }

    static Signer signer(String machine) {
        Machine made = BY_NAME.computeIfAbsent(machine, SimCertificates::make);
        return new Signer(SimWorld.ACCOUNT, made.key(), made.certificate());
    }

    private static Machine make(String machine) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            X500Name name = new X500Name("CN=" + machine);
            var builder =
                    new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.ONE,
                            new Date(0),
                            new Date(Long.MAX_VALUE >>> 20),
                            name,
                            keys.getPublic());
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            X509Certificate certificate =
                    new JcaX509CertificateConverter().getCertificate(builder.build(signer));
            return new Machine(certificate, keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }
}
