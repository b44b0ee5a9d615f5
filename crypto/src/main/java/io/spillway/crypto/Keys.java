package io.spillway.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/** The keys Spillway makes and accepts: ECDSA on P-256, and Ed25519 when a peer has it. */
final class Keys {
    static final String SIGNATURE_ALGORITHM = "SHA256withECDSA";

    private static final String CURVE = "secp256r1";
    private static final int CURVE_BITS = 256;

    private Keys() {}

    static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(CURVE));
        return generator.generateKeyPair();
    }

    static PrivateKey decodePrivate(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** The public key of a private one, which PKCS#8 need not carry. */
    static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
        ECParameterSpec curve = ((ECPrivateKey) key).getParams();
        BigInteger secret = ((ECPrivateKey) key).getS();
        org.bouncycastle.math.ec.ECPoint point =
                CustomNamedCurves.getByName(CURVE).getG().multiply(secret).normalize();
        ECPoint affine =
                new ECPoint(
                        point.getAffineXCoord().toBigInteger(),
                        point.getAffineYCoord().toBigInteger());
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(affine, curve));
    }

    /** With which a key of that kind signs. */
    static String signatureAlgorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> SIGNATURE_ALGORITHM;
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    static boolean isAcceptable(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            return ec.getParams().getOrder().bitLength() == CURVE_BITS
                    && ec.getParams().toString().contains(CURVE);
        }
        return key.getAlgorithm().equals("Ed25519") || key.getAlgorithm().equals("EdDSA");
    }
}
