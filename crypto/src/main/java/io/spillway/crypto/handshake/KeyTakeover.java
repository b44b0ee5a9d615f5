package io.spillway.crypto.handshake;

import io.spillway.crypto.KeyLog;
import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.SessionKeys;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.TlsImplUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Bouncy Castle's cryptography for one handshake, which keeps the traffic keys for us. The key
 * block (RFC 5246, 6.3) of an AEAD suite is
 *
 * <pre>
 *   client key | server key | client salt | server salt
 * </pre>
 *
 * <p>Owned by the handshake's thread. The keys exist before the peer's Finished was verified, so
 * they stay here until {@link #handOver}.
 */
final class KeyTakeover extends BcTlsCrypto implements AutoCloseable {
    private final KeyLog keyLog;
    private SessionKeys keys;

    KeyTakeover(SecureRandom random, KeyLog keyLog) {
        super(random);
        this.keyLog = keyLog;
    }

    @Override
    public TlsCipher createCipher(TlsCryptoParameters parameters, int encryption, int mac)
            throws IOException {
        SecurityParameters security = parameters.getSecurityParametersHandshake();
        RecordSuite suite = RecordSuite.ofCode(security.getCipherSuite());
        if (suite == null || keys != null) {
            throw new TlsFatalAlert(AlertDescription.internal_error);
        }
        TlsCipher cipher = super.createCipher(parameters, encryption, mac);
        keys = derive(parameters, suite);
        if (keyLog.isOn()) {
            log(security);
        }
        return new ReservedSequenceCipher(cipher);
    }

    /** Gives the keys away, once. Only after the peer's Finished was verified. */
    SessionKeys handOver() {
        SessionKeys given = keys;
        keys = null;
        return given;
    }

    /** Zeroes keys that nobody took. */
    @Override
    public void close() {
        if (keys != null) {
            keys.close();
        }
    }

    private static SessionKeys derive(TlsCryptoParameters parameters, RecordSuite suite) {
        int key = suite.keyLength();
        int salt = suite.saltLength();
        byte[] block = TlsImplUtils.calculateKeyBlock(parameters, 2 * (key + salt));
        try {
            byte[] clientKey = Arrays.copyOfRange(block, 0, key);
            byte[] serverKey = Arrays.copyOfRange(block, key, 2 * key);
            byte[] clientSalt = Arrays.copyOfRange(block, 2 * key, 2 * key + salt);
            byte[] serverSalt = Arrays.copyOfRange(block, 2 * key + salt, block.length);
            return parameters.isServer()
                    ? new SessionKeys(suite, serverKey, serverSalt, clientKey, clientSalt)
                    : new SessionKeys(suite, clientKey, clientSalt, serverKey, serverSalt);
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }

    private void log(SecurityParameters security) {
        TlsSecret copy = adoptSecret(security.getMasterSecret());
        byte[] masterSecret = copy.extract();
        try {
            keyLog.write(security.getClientRandom(), masterSecret);
        } finally {
            Arrays.fill(masterSecret, (byte) 0);
        }
    }
}
