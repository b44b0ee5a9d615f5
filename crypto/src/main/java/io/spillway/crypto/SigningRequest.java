package io.spillway.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SignatureException;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A certificate signing request (PKCS#10, RFC 2986): proof of owning a key, and nothing more. */
final class SigningRequest {
    private SigningRequest() {}

    static String encode(KeyPair pair, String commonName) throws GeneralSecurityException {
        try {
            var subject = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
            var signer =
                    new JcaContentSignerBuilder(Keys.SIGNATURE_ALGORITHM).build(pair.getPrivate());
            var request =
                    new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic())
                            .build(signer);
            return Pem.encode(Pem.CERTIFICATE_REQUEST, request.getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException("signing request cannot be made", e);
        }
    }

    /**
     * The requested public key, of an accepted kind and with its owner's signature checked.
     *
     * @throws GeneralSecurityException saying what is wrong with the request
     */
    static PublicKey verifiedKey(String pem) throws GeneralSecurityException {
        try {
            var request =
                    new JcaPKCS10CertificationRequest(Pem.decode(Pem.CERTIFICATE_REQUEST, pem));
            PublicKey key = request.getPublicKey();
            if (!Keys.isAcceptable(key)) {
                throw new SignatureException(
                        "signing request with a " + key.getAlgorithm() + " key, expected P-256");
            }
            var verifier = new JcaContentVerifierProviderBuilder().build(key);
            if (!request.isSignatureValid(verifier)) {
                throw new SignatureException("signing request not signed by its own key");
            }
            return key;
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            throw new GeneralSecurityException("not a signing request: " + e.getMessage(), e);
        }
    }
}
