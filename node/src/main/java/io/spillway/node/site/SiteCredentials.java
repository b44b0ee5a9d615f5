package io.spillway.node.site;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.Signer;
import io.spillway.node.tunnel.Vintage;
import java.security.cert.X509Certificate;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** The site's own: hands each frame and each moment to whom it concerns. Owned by control. */
final class SiteCredentials implements Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(SiteCredentials.class);

    private final SiteIdentity identity;
    private final SiteRenewal renewal;
    private final SiteTrust trust;
    private final Executor files;
    private boolean isOwnExpired;

    /**
     * @param files may block, one thread
     */
    SiteCredentials(SiteIdentity identity, SiteRenewal renewal, SiteTrust trust, Executor files) {
        this.identity = identity;
        this.renewal = renewal;
        this.trust = trust;
        this.files = files;
    }

    @Override
    public void onConnected(long nowNs) {
        renewal.onConnected(nowNs);
    }

    @Override
    public void onFrame(Frame frame, long nowNs) {
        switch (frame.getBodyCase()) {
            case CLOCK -> identity.clock().onPop(frame.getClock().getTimeMs());
            case REVOCATIONS -> {
                byte[] crl = frame.getRevocations().getCrl().toByteArray();
                files.execute(() -> trust.onRevocations(crl));
            }
            case AUTHORITIES -> {
                var told = frame.getAuthorities().getCertificatesList();
                files.execute(() -> trust.onAuthorities(told));
            }
            case RENEW_REPLY -> renewal.onReply(frame.getRenewReply(), nowNs);
            default -> {} // pings are the connection's
        }
    }

    @Override
    public void poll(View view, long nowNs) {
        identity.clock().check();
        identity.grace().publish(view.isCloudAlive(), view.known());
        identity.grace().watch(view.peers(), identity.clock().instant());
        watchOwn();
        renewal.poll(nowNs);
    }

    @Override
    public Vintage vintage() {
        return identity.vintage();
    }

    @Override
    public Signer signer() {
        return Signer.of(identity.current());
    }

    @Override
    public boolean isTrusted(X509Certificate certificate, long siteId) {
        return identity.verifier().isOfSite(certificate, siteId);
    }

    @Override
    public boolean isOwnExpired() {
        return isOwnExpired;
    }

    @Override
    public boolean isClockWrong() {
        return identity.clock().isDeviating();
    }

    private void watchOwn() {
        var own = identity.current().certificate();
        boolean isExpired = CertificateAnswers.isExpired(own, identity.clock().instant());
        if (isExpired && !isOwnExpired) {
            LOG.warn(
                    "our own certificate expired {}: sites that know us accept it until {} while"
                            + " no PoP is reachable, a PoP does not",
                    own.getNotAfter().toInstant(),
                    RecoveryGrace.until(own));
        }
        isOwnExpired = isExpired;
    }

    /** For {@code status}. */
    void describe(ObjectNode answer) {
        ClockAnswers.describe(answer.putObject("clock"), identity.clock());
        CertificateAnswers.describe(answer, identity, renewal);
    }
}
