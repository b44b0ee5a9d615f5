package io.spillway.node.pop;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.directory.Link;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.punch.OrderPace;
import io.spillway.control.punch.PunchEnd;
import io.spillway.control.wire.PunchRequest;
import java.util.random.RandomGenerator;

/**
 * Brings sites together (R022-R025): on request of one it orders both sites of a pair to punch,
 * each with the other's end as the PoP itself sees it, and a fresh key for both. Owned by control.
 */
final class Broker {
    /** One end of an order. */
    private record End(AttachedSite attached, Site site, Link link) {
        PunchEnd end() {
            return new PunchEnd(site.id(), link.index(), link.endpoints());
        }

        boolean isReady() {
            return link != null
                    && link.enabled()
                    && site.isRecoverable()
                    && attached.hasChannel()
                    && link.endpoints().outside() != null;
        }
    }

    private final RandomGenerator random;
    private final OrderPace pace = new OrderPace();

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
        if (!first.isReady() || !second.isReady() || !pace.take(first.end(), second.end(), nowNs)) {
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

    /** The initiator hears of it first, and so begins first (R026). */
    private void order(End first, End second) {
        PunchEnd.Attempt attempt = PunchEnd.Attempt.of(random);
        first.attached().order(first.end().orderTowards(second.end(), attempt).getPunchOrder());
        second.attached().order(second.end().orderTowards(first.end(), attempt).getPunchOrder());
    }
}
