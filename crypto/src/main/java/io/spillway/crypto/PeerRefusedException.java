package io.spillway.crypto;

import java.security.cert.CertificateException;

/** A peer's certificate was refused. The message starts with the name of the refusal. */
public final class PeerRefusedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    public PeerRefusedException(Refusal refusal, String detail) {
        super(refusal + ": " + detail);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
