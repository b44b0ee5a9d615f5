package io.spillway.node.pop;

import io.spillway.control.directory.Site;
import io.spillway.crypto.PeerIdentity;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.routing.rib.PrefixSet;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What other PoP nodes say of one site. Owned by control. */
final class SiteClaims {
    /** Packets of a site that left a node may come from it for so long. */
    static final long UNDER_WAY_NS = 10_000_000_000L;

    /**
     * What one node says.
     *
     * @param stamp of its attachment there; 0: it is not attached
     * @param prefixes null: it has not advertised there
     * @param holder the certificate of the machine that is there; null: it does not say
     */
    record Claim(
            Site site, long stamp, boolean hasChannel, PrefixSet prefixes, X509Certificate holder) {
        boolean isAttached() {
            return stamp != 0;
        }

        /** The node knows nothing of it that counts. */
        boolean isVoid() {
            return !isAttached() && !hasChannel;
        }
    }

    private final Map<PeerNode, Claim> claims = new LinkedHashMap<>();
    private final Map<PeerNode, Long> leftNs = new LinkedHashMap<>();

    /** Null: it says nothing. */
    Claim of(PeerNode node) {
        return claims.get(node);
    }

    void put(PeerNode node, Claim claim, long nowNs) {
        Claim before = claim.isVoid() ? claims.remove(node) : claims.put(node, claim);
        if (before != null && before.isAttached() && !claim.isAttached()) {
            leftNs.put(node, nowNs);
        }
    }

    void remove(PeerNode node, long nowNs) {
        Claim before = claims.remove(node);
        if (before != null && before.isAttached()) {
            leftNs.put(node, nowNs);
        }
    }

    /** Of an attachment anywhere, whether or not its node lives. */
    long greatestStamp() {
        return claims.values().stream().mapToLong(Claim::stamp).max().orElse(0);
    }

    /**
     * The living node with the newest attachment, if that is newer than ours; else null. Among
     * equals the greater name has it, so that all nodes agree.
     *
     * @param ownStamp 0: the site is not attached here
     */
    PeerNode newest(long ownStamp, String ownName) {
        PeerNode newest = null;
        long stamp = ownStamp;
        String name = ownName;
        for (Map.Entry<PeerNode, Claim> entry : claims.entrySet()) {
            PeerNode node = entry.getKey();
            long claimed = entry.getValue().stamp();
            boolean isNewer =
                    claimed > stamp || claimed == stamp && node.name().compareTo(name) > 0;
            if (claimed != 0 && node.isAlive() && isNewer) {
                newest = node;
                stamp = claimed;
                name = node.name();
            }
        }
        return newest;
    }

    /** A living node where another machine than that has the site's ID; null: there is none. */
    PeerNode withAnother(PeerIdentity machine) {
        return claims.entrySet().stream()
                .filter(it -> it.getKey().isAlive() && it.getValue().holder() != null)
                .filter(it -> !machine.isSameHolder(it.getValue().holder()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Those of a node that it has advertised to; null: there is none. */
    PrefixSet anyPrefixes() {
        return claims.values().stream()
                .map(Claim::prefixes)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** A node through which it can be told something; null: none has a channel to it. */
    PeerNode withChannel() {
        return claims.entrySet().stream()
                .filter(it -> it.getValue().hasChannel() && it.getKey().connection() != null)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Tunnels to the nodes that it is attached to, or was a moment ago. */
    List<Tunnel> origins(long nowNs) {
        leftNs.values().removeIf(ns -> nowNs - ns >= UNDER_WAY_NS);
        List<Tunnel> origins = new ArrayList<>();
        claims.forEach(
                (node, claim) -> {
                    if (claim.isAttached()) {
                        origins.add(node.tunnel().tunnel());
                    }
                });
        for (PeerNode node : leftNs.keySet()) {
            if (!origins.contains(node.tunnel().tunnel())) {
                origins.add(node.tunnel().tunnel());
            }
        }
        return origins;
    }
}
