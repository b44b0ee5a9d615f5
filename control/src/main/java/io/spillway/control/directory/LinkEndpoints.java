package io.spillway.control.directory;

import java.net.InetSocketAddress;

/**
 * Where a WAN link can be reached. Immutable.
 *
 * @param observed where the PoP sees this link's tunnels come from; null: not seen yet
 * @param fixed the static public address and port of the configuration (R032); null: none
 * @param local the link's own address, behind its NAT if it has one; null: not told
 */
public record LinkEndpoints(
        InetSocketAddress observed,
        InetSocketAddress fixed,
        InetSocketAddress local,
        NatMapping mapping) {
    public static final LinkEndpoints NONE =
            new LinkEndpoints(null, null, null, NatMapping.UNKNOWN);

    public static LinkEndpoints observed(InetSocketAddress observed) {
        return NONE.withObserved(observed);
    }

    public LinkEndpoints withObserved(InetSocketAddress nowObserved) {
        return new LinkEndpoints(nowObserved, fixed, local, mapping);
    }

    public LinkEndpoints withFixed(InetSocketAddress nowFixed) {
        return new LinkEndpoints(observed, nowFixed, local, mapping);
    }

    public LinkEndpoints withLocal(InetSocketAddress nowLocal, NatMapping nowMapping) {
        return new LinkEndpoints(observed, fixed, nowLocal, nowMapping);
    }

    /** Where to send to from outside; null: nobody knows. */
    public InetSocketAddress outside() {
        return fixed != null ? fixed : observed;
    }

    /** Both leave by one public address, so the way between them may be a shorter one (D14). */
    public boolean isBehindSameNat(LinkEndpoints other) {
        return outside() != null
                && other.outside() != null
                && outside().getAddress().equals(other.outside().getAddress());
    }
}
