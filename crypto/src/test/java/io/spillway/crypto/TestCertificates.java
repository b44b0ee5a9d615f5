package io.spillway.crypto;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates an authority of ours would never issue, signed with its key. */
final class TestCertificates {
    private TestCertificates() {}

    static X509Certificate issue(Path authority, InstantSource clock, String... uris)
            throws Exception {
        X509Certificate issuer =
                IdentityFiles.readCertificate(authority.resolve(IdentityFiles.AUTHORITY));
        var builder =
                new JcaX509v3CertificateBuilder(
                        X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
                        BigInteger.ONE,
                        Date.from(clock.instant()),
                        Date.from(clock.instant().plus(Duration.ofDays(1))),
                        new X500Name("CN=stranger"),
                        Keys.generate().getPublic());
        GeneralName[] names =
                Arrays.stream(uris)
                        .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                        .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        var key = IdentityFiles.readKey(authority.resolve(IdentityFiles.KEY));
        var signer = new JcaContentSignerBuilder(Keys.SIGNATURE_ALGORITHM).build(key);
        return Certificates.decode(builder.build(signer).getEncoded());
    }
}
