package io.spillway.node.pop;

import com.google.protobuf.ByteString;
import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.wire.PunchOrder;
import io.spillway.control.wire.PunchRequest;
import io.spillway.control.wire.WireAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Brings sites together (R022-R025): on request of one it orders both sites of a pair to punch,
 * each with the other's end as the PoP itself sees it, and a fresh key for both. Owned by control.
 */
final class Broker {
    private static final int KEY_LENGTH = 32;

    /** A pair's links are ordered no more often, whoever asks. */
    private static final long ORDER_MIN_NS = 500_000_000L;

    /** Then pairs that have not asked for long are forgotten. */
    private static final int PAIRS_KEPT_MAX = 65_536;

    /** One link of each site, the lower ID first. */
    private record Pair(long low, int lowLink, long high, int highLink) {}

    /** One end of an order. */
    private record End(AttachedSite attached, Site site, Link link) {
        LinkEndpoints endpoints() {
            return link.endpoints();
        }

        boolean isReady() {
            return link != null
                    && link.enabled()
                    && site.isRecoverable()
                    && attached.hasChannel()
                    && endpoints().outside() != null;
        }
    }

    private final RandomGenerator random;
    private final Map<Pair, Long> orderedNs = new HashMap<>();

    /**
     * @param random unknown to others
     */
    Broker(RandomGenerator random) {
        this.random = random;
    }

    /** Whether both were told; if not, one of them cannot take part, or it was too soon. */
    boolean onRequest(
            AttachedSite asking,
            AttachedSite other,
            PunchRequest request,
            AccountPolicy policy,
            long nowNs) {
        if (other == null || other == asking) {
            return false;
        }
        End from = end(asking, request.getLocalLink(), policy, other.id());
        End to = end(other, request.getRemoteLink(), policy, asking.id());
        boolean isAskingFirst = PeerDirectory.isInitiator(asking.id(), other.id());
        End first = isAskingFirst ? from : to;
        End second = isAskingFirst ? to : from;
        if (!first.isReady() || !second.isReady() || !isDue(first, second, nowNs)) {
            return false;
        }
        order(first, second);
        return true;
    }

    private static End end(AttachedSite attached, int index, AccountPolicy policy, long otherId) {
        Site site = policy.apply(otherId, attached.asSite());
        Link link =
                site.links().stream().filter(it -> it.index() == index).findFirst().orElse(null);
        return new End(attached, site, link);
    }

    private boolean isDue(End first, End second, long nowNs) {
        Pair pair =
                new Pair(
                        second.site().id(),
                        second.link().index(),
                        first.site().id(),
                        first.link().index());
        Long before = orderedNs.get(pair);
        if (before != null && nowNs - before < ORDER_MIN_NS) {
            return false;
        }
        if (orderedNs.size() >= PAIRS_KEPT_MAX) {
            orderedNs.values().removeIf(ns -> nowNs - ns >= ORDER_MIN_NS);
        }
        orderedNs.put(pair, nowNs);
        return true;
    }

    /** The initiator hears of it first, and so begins first (R026). */
    private void order(End first, End second) {
        long id = random.nextLong();
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        PunchOrder.Builder order =
                PunchOrder.newBuilder().setId(id == 0 ? 1 : id).setKey(ByteString.copyFrom(key));
        tell(order, first, second);
        tell(order, second, first);
    }

    private static void tell(PunchOrder.Builder order, End to, End other) {
        LinkEndpoints endpoints = other.endpoints();
        order.setSiteId(other.site().id())
                .setLocalLink(to.link().index())
                .setRemoteLink(other.link().index())
                .setOutside(WireAddress.endpoint(endpoints.outside()))
                .setFixed(endpoints.fixed() != null)
                .clearLocal();
        if (endpoints.local() != null && isSameNat(to.endpoints(), endpoints)) {
            order.setLocal(WireAddress.endpoint(endpoints.local()));
        }
        to.attached().order(order.build());
    }

    private static boolean isSameNat(LinkEndpoints own, LinkEndpoints other) {
        InetSocketAddress local = other.local();
        return own.isBehindSameNat(other) && !local.equals(other.outside());
    }
}
