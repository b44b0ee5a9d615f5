package io.spillway.node.sim;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.Signer;
import io.spillway.node.site.Credentials;
import java.security.cert.X509Certificate;

/** Of a simulated site, which signs as a real one does; every machine's certificate is trusted. */
final class SimCredentials implements Credentials {
    private final Signer signer;

    SimCredentials(String machine) {
        signer = SimCertificates.signer(machine);
    }

    @Override
    public Signer signer() {
        return signer;
    }

    @Override
    public boolean isTrusted(X509Certificate certificate, long siteId) {
        return true;
    }

    @Override
    public void onFrame(Frame frame, long nowNs) {}

    @Override
    public void poll(View view, long nowNs) {}
}
