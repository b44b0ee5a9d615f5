package io.spillway.node;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.time.Duration;
import java.util.List;

/**
 * {@code bgp} of a {@code site.yaml}: the routers on the LAN that the site speaks BGP with.
 * Immutable.
 *
 * @param as our own, unsigned 32 bits
 * @param routerId the BGP identifier; null: the first IPv4 gateway of the LAN
 * @param summaries told as long as another site has a route inside
 */
public record BgpConfig(
        long as, IpAddress routerId, List<Prefix> summaries, List<Neighbour> neighbours) {

    public BgpConfig {
        summaries = List.copyOf(summaries);
        neighbours = List.copyOf(neighbours);
    }

    /** What a session carries. */
    public enum Family {
        IPV4,
        IPV6;

        public boolean isIpv4() {
            return this == IPV4;
        }
    }

    /**
     * @param as unsigned 32 bits; another than ours: an external neighbour
     * @param password of TCP MD5 (RFC 2385); null: none
     * @param hold offered; 0: neither side is ever too silent
     * @param families null: that of the address
     * @param passive the neighbour calls, we never do
     * @param hops how far away it is; 1: in one of our networks
     * @param ttlSecurity nothing is heard from farther away (RFC 5082); both sides must have it
     * @param accept of what it tells us; null: everything but default routes
     * @param advertise of what it is told; null: everything but default routes
     * @param metric of what is told; lower is better
     * @param bfd null: BFD is not spoken
     */
    public record Neighbour(
            String name,
            IpAddress address,
            long as,
            String password,
            Duration hold,
            List<Family> families,
            boolean passive,
            int hops,
            boolean ttlSecurity,
            List<Rule> accept,
            List<Rule> advertise,
            boolean defaultOriginate,
            RouteLimit routeLimit,
            long metric,
            Bfd bfd) {

        public boolean isMultihop() {
            return hops > 1;
        }
    }

    /**
     * An entry of a prefix list: the first that matches decides, and what none matches is denied.
     *
     * @param ge shortest length of what it matches inside {@code prefix}; null: the prefix's own
     * @param le longest; null: the prefix's own, or with {@code ge} the address's
     */
    public record Rule(Prefix prefix, Integer ge, Integer le, Action action) {
        public int lengthMin() {
            return ge == null ? prefix.length() : ge;
        }

        public int lengthMax() {
            return le != null ? le : ge != null ? addressLength() : prefix.length();
        }

        int addressLength() {
            return prefix.isIpv4() ? Prefix.IPV4_LENGTH_MAX : Prefix.IPV6_LENGTH_MAX;
        }
    }

    public enum Action {
        PERMIT,
        DENY
    }

    /**
     * How many routes a neighbour may tell, both families together.
     *
     * @param warningPercent of {@code count}: an event says that so many are there
     */
    public record RouteLimit(int count, int warningPercent, Excess action) {}

    /**
     * BFD with a neighbour: it is lost when so many packets in a row do not come.
     *
     * @param passive nothing is said until the neighbour speaks
     * @param minTx how often we send at most
     * @param minRx how often the neighbour may send
     */
    public record Bfd(boolean passive, Duration minTx, Duration minRx, int multiplier) {}

    /** What becomes of the routes over the limit. */
    public enum Excess {
        IGNORE,
        /** The session ends, and is tried again after a pause. */
        END
    }
}
