package io.spillway.node.site;

import com.google.protobuf.ByteString;
import io.spillway.control.route.LiveAssembly;
import io.spillway.control.route.LiveRefusal;
import io.spillway.control.wire.LivePiece;
import io.spillway.control.wire.LiveStatement;
import io.spillway.control.wire.LiveStatements;
import io.spillway.control.wire.SignedLiveStatement;
import io.spillway.control.wire.WireException;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Signer;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.LiveChange;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what other sites say themselves of their routes while these are frozen here (L13): signed
 * by whose routes they are, newer than what we have, and nothing that no PoP would tell. What is
 * refused is counted by its {@link LiveRefusal}.
 *
 * <p>After a start nothing is known: sites say it again when a tunnel to us comes up.
 *
 * <p>Owned by control.
 */
final class LiveListener implements PeerBroker.Pieces {
    private static final Logger LOG = LoggerFactory.getLogger(LiveListener.class);

    /** To verify takes a millisecond; whoever tells waits for longer. */
    private static final long PAUSE_NS = 50_000_000L;

    /** Of one site. */
    private static final class Heard {
        private final LiveAssembly assembly = new LiveAssembly();
        private long generation; // the greatest that was taken
        private long pauseEndNs;

        private Heard(long nowNs) {
            pauseEndNs = nowNs;
        }
    }

    private final boolean isOn;
    private final Rib rib;
    private final LongFunction<PeerIdentity> peers;
    private final Credentials credentials;
    private final List<Prefix> ownNetworks;
    private final Runnable onChanged;
    private final Map<Long, Heard> heard = new HashMap<>();
    private final Map<LiveRefusal, Long> refused = new EnumMap<>(LiveRefusal.class);

    /**
     * @param isOn off: all is refused
     * @param peers who is at the far end of a living tunnel to that site; null: none may be
     * @param onChanged other routes are in use than before
     */
    LiveListener(
            boolean isOn,
            Rib rib,
            LongFunction<PeerIdentity> peers,
            Credentials credentials,
            List<Prefix> ownNetworks,
            Runnable onChanged) {
        this.isOn = isOn;
        this.rib = rib;
        this.peers = peers;
        this.credentials = credentials;
        this.ownNetworks = ownNetworks;
        this.onChanged = onChanged;
    }

    /** How often something was not taken, by reason. */
    Map<LiveRefusal, Long> refused() {
        return Collections.unmodifiableMap(refused);
    }

    /** Others are forgotten. */
    void retain(LongPredicate isKnown) {
        heard.keySet().removeIf(siteId -> !isKnown.test(siteId));
    }

    @Override
    public void take(long siteId, LivePiece piece, long nowNs) {
        PeerIdentity peer = isOn ? peers.apply(siteId) : null;
        LiveRefusal refusal = refusalOf(siteId, peer, piece);
        if (refusal != null) {
            refuse(siteId, refusal);
        } else if (rib.live(siteId).generation() != piece.getGeneration()) {
            assemble(heard.computeIfAbsent(siteId, _ -> new Heard(nowNs)), peer, piece, nowNs);
        }
    }

    /** Before any of it is kept; null: none. */
    private LiveRefusal refusalOf(long siteId, PeerIdentity peer, LivePiece piece) {
        if (!isOn) {
            return LiveRefusal.SWITCHED_OFF;
        }
        if (peer == null) {
            return LiveRefusal.FOREIGN;
        }
        if (!rib.isFrozen(siteId)) {
            return LiveRefusal.NOT_FROZEN;
        }
        if (LiveAssembly.isTooLong(piece)) {
            return LiveRefusal.TOO_LONG;
        }
        Heard before = heard.get(siteId);
        boolean isOld =
                before != null
                        && Long.compareUnsigned(piece.getGeneration(), before.generation) < 0;
        return isOld ? LiveRefusal.REPLAYED : null;
    }

    private void refuse(long siteId, LiveRefusal refusal) {
        if (refused.merge(refusal, 1L, Long::sum) == 1) {
            String id = Long.toUnsignedString(siteId);
            LOG.info("live routes of site {} not taken: {}; more are counted", id, refusal);
        }
    }

    private void assemble(Heard of, PeerIdentity peer, LivePiece piece, long nowNs) {
        ByteString whole = of.assembly.take(piece);
        if (whole.isEmpty()) {
            return;
        }
        if (nowNs - of.pauseEndNs < 0) {
            refuse(peer.siteId(), LiveRefusal.TOO_SOON);
            return;
        }
        of.pauseEndNs = nowNs + PAUSE_NS;
        LiveRefusal refusal = takeWhole(of, peer, piece.getGeneration(), whole);
        if (refusal != null) {
            refuse(peer.siteId(), refusal);
        }
    }

    /** Null: it is in force. */
    private LiveRefusal takeWhole(Heard of, PeerIdentity peer, long generation, ByteString whole) {
        try {
            SignedLiveStatement signed = LiveStatements.decode(whole.toByteArray());
            LiveStatement statement = LiveStatements.statement(signed);
            byte[] der = statement.getCertificate().toByteArray();
            X509Certificate certificate = Certificates.decode(der);
            LiveRefusal refusal = refusalOf(peer, signed, statement, certificate);
            if (refusal != null) {
                return refusal;
            }
            if (statement.getGeneration() != generation) {
                return LiveRefusal.MALFORMED;
            }
            return putInForce(of, peer, LiveStatements.change(statement));
        } catch (WireException | CertificateException e) {
            LOG.debug("live routes of {}: {}", peer.name(), e.getMessage());
            return LiveRefusal.MALFORMED;
        }
    }

    /** Whose word it is; null: that of the site that it speaks of. */
    private LiveRefusal refusalOf(
            PeerIdentity peer,
            SignedLiveStatement signed,
            LiveStatement statement,
            X509Certificate certificate) {
        boolean isOwn =
                statement.getSiteId() == peer.siteId()
                        && statement.getAccount().equals(peer.account());
        if (!isOwn) {
            return LiveRefusal.FOREIGN;
        }
        boolean isTrusted =
                peer.isSameHolder(certificate) && credentials.isTrusted(certificate, peer.siteId());
        if (!isTrusted) {
            return LiveRefusal.UNTRUSTED;
        }
        byte[] message = LiveStatements.signed(signed.getStatement());
        byte[] signature = signed.getSignature().toByteArray();
        return Signer.isSigned(message, signature, certificate) ? null : LiveRefusal.FORGED;
    }

    private LiveRefusal putInForce(Heard of, PeerIdentity peer, LiveChange told) {
        if (told.withdrawn().size() + told.announced().size() > LiveStatements.PREFIXES_MAX) {
            return LiveRefusal.TOO_MANY;
        }
        if (!told.withdrawn().without(told.announced()).equals(told.withdrawn())) {
            return LiveRefusal.CONTRADICTORY;
        }
        PrefixSet announced = acceptable(peer.siteId(), told.announced());
        LiveChange taken = new LiveChange(told.generation(), told.withdrawn(), announced);
        rib.changeLive(peer.siteId(), taken);
        of.generation = told.generation();
        LOG.info(
                "live routes of {}: {} announced, {} withdrawn since the freeze",
                peer.name(),
                announced.size(),
                told.withdrawn().size());
        onChanged.run();
        return null;
    }

    private PrefixSet acceptable(long siteId, PrefixSet announced) {
        List<Prefix> acceptable = new ArrayList<>();
        for (Prefix prefix : announced) {
            if (prefix.isDefault()) {
                refuse(siteId, LiveRefusal.DEFAULT_ROUTE);
            } else if (ownNetworks.stream().anyMatch(own -> own.contains(prefix))) {
                refuse(siteId, LiveRefusal.OWN_NETWORK);
            } else {
                acceptable.add(prefix);
            }
        }
        return PrefixSet.of(acceptable);
    }
}
