package io.spillway.node.site;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Renew;
import io.spillway.control.wire.RenewReply;
import io.spillway.crypto.BoxSeal;
import io.spillway.crypto.RenewalWindow;
import io.spillway.node.FrameSender;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the site's certificate over the channel, with a new key made here, in the last third of
 * its life, and at once when another authority issues now. Running sessions are not touched: what
 * is new is shown in new handshakes.
 *
 * <pre>
 *   IDLE --window opens--> REQUESTING --request made--> READY --sent--> ASKED
 *   READY <--refused, no answer: waits, longer each time-- ASKED --certificate--> IDLE
 * </pre>
 *
 * <p>Owned by control; files are read and written by an executor of the caller's.
 */
final class SiteRenewal {
    static final long ANSWER_MAX_NS = 30_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(SiteRenewal.class);

    private enum State {
        IDLE,
        REQUESTING,
        READY,
        ASKED
    }

    private final SiteIdentity identity;
    private final FrameSender sender;
    private final Executor control;
    private final Executor files;
    private final Runnable onOtherAuthority;
    private State state = State.IDLE;
    private RenewalWindow window;
    private byte[] request;
    private long dueNs;
    private long askedNs;
    private Duration wait;
    private String failure = "";
    private Instant renewedAt;

    /**
     * @param control runs on control's thread
     * @param files one thread that may block
     * @param onOtherAuthority the new certificate is of another authority than the one before
     */
    SiteRenewal(
            SiteIdentity identity,
            FrameSender sender,
            Executor control,
            Executor files,
            Runnable onOtherAuthority,
            long nowNs) {
        this.identity = identity;
        this.sender = sender;
        this.control = control;
        this.files = files;
        this.onOtherAuthority = onOtherAuthority;
        dueNs = nowNs;
        begin();
    }

    private void begin() {
        window = RenewalWindow.of(identity.current().certificate());
        wait = window.retryFirst();
        state = State.IDLE;
    }

    /** About once a second. */
    void poll(long nowNs) {
        switch (state) {
            case IDLE -> {
                if (isDue() && nowNs - dueNs >= 0) {
                    prepare(nowNs);
                }
            }
            case READY -> {
                if (nowNs - dueNs >= 0) {
                    ask(nowNs);
                }
            }
            case ASKED -> {
                if (nowNs - askedNs >= ANSWER_MAX_NS) {
                    onFailed("the PoP does not answer", nowNs);
                }
            }
            case REQUESTING -> {}
        }
    }

    private boolean isDue() {
        return window.isOpen(identity.clock().instant()) || identity.isSuperseded();
    }

    /** A PoP is there: before anything else is said, since an expired site may say nothing else. */
    void onConnected(long nowNs) {
        if (state == State.READY || state == State.ASKED) {
            wait = window.retryFirst();
            ask(nowNs);
        }
    }

    private void prepare(long nowNs) {
        state = State.REQUESTING;
        files.execute(
                () -> {
                    try {
                        byte[] made = identity.request();
                        control.execute(() -> onRequest(made, nowNs));
                    } catch (IOException e) {
                        control.execute(() -> onNoRequest(e.getMessage(), nowNs));
                    }
                });
    }

    private void onRequest(byte[] made, long nowNs) {
        request = made;
        state = State.READY;
        dueNs = nowNs;
        ask(nowNs);
    }

    private void onNoRequest(String reason, long nowNs) {
        onFailed(reason, nowNs);
        state = State.IDLE;
    }

    private void ask(long nowNs) {
        Renew.Builder renew = Renew.newBuilder().setCsr(ByteString.copyFrom(request));
        boolean isSent = sender.send(Frame.newBuilder().setRenew(renew).build());
        state = isSent ? State.ASKED : State.READY;
        askedNs = nowNs;
    }

    void onReply(RenewReply reply, long nowNs) {
        if (state != State.ASKED) {
            return;
        }
        if (!reply.getError().isEmpty()) {
            onFailed(reply.getError(), nowNs);
            return;
        }
        state = State.REQUESTING;
        byte[] certificate = reply.getCertificate().toByteArray();
        files.execute(() -> install(certificate, nowNs));
    }

    private void install(byte[] certificate, long nowNs) {
        try {
            X509Certificate before = identity.current().authority();
            BoxSeal seal = identity.renew(certificate);
            boolean isOther = !before.equals(identity.current().authority());
            control.execute(() -> onRenewed(seal, isOther, nowNs));
        } catch (IOException e) {
            control.execute(() -> onNoRequest(e.getMessage(), nowNs));
        }
    }

    private void onRenewed(BoxSeal seal, boolean isOther, long nowNs) {
        identity.memory().reseal(seal, nowNs, identity::forgetPreviousKey);
        renewedAt = identity.clock().instant();
        failure = "";
        begin();
        Instant end = identity.current().certificate().getNotAfter().toInstant();
        LOG.info("certificate renewed, with a new key: valid until {}", end);
        if (isOther) {
            onOtherAuthority.run();
        }
    }

    /** The same failure again and again is one line. */
    private void onFailed(String reason, long nowNs) {
        state = State.READY;
        dueNs = nowNs + wait.toNanos();
        if (!reason.equals(failure)) {
            LOG.warn("certificate not renewed: {}; next try in {}", reason, wait);
        }
        failure = reason;
        Duration doubled = wait.multipliedBy(2);
        wait = doubled.compareTo(window.retryMax()) > 0 ? window.retryMax() : doubled;
    }

    // ---- for status

    RenewalWindow window() {
        return window;
    }

    /** Why the last attempt failed; empty when none did since the last success. */
    String failure() {
        return failure;
    }

    /** Null: not since the start. */
    Instant renewedAt() {
        return renewedAt;
    }
}
