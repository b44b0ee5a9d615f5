package io.spillway.bench.scale;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.NatMapping;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Nlri;
import io.spillway.control.wire.RoutePart;
import io.spillway.control.wire.Routes;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses and names of a run. All but the node under test are in one network, which our
 * loopback takes for its own.
 *
 * <pre>
 *   10.78.link.2 wan0 ... ------- 10.78.link.1 to-wan0 ...
 *   the node under test           | 10.77.0.10                the PoP of a site under test
 *                                 | 10.77.(4 + link * 8 + number / 250).(1 + number % 250)
 *                                                             the other sites
 * </pre>
 */
final class FarSites {
    static final String NETWORK = "10.77.0.0/16";
    static final String FAR_POP_ADDRESS = "10.77.0.10";
    static final int PORT = 20060;
    static final int POP_PORT = 443;

    /** Above all others, so that it opens every handshake. */
    static final long OWN_ID = 1_000_000;

    private static final long FIRST_ID = 1001;
    private static final int PER_NET = 250;
    private static final int NETS_PER_LINK = 8;
    private static final int FIRST_NET = 4;

    private FarSites() {}

    static long id(int number) {
        return FIRST_ID + number;
    }

    static String name(int number) {
        return "site" + id(number);
    }

    static String ownAddress(int link) {
        return "10.78." + link + ".2";
    }

    /** Our end of that link's wire. */
    static String hubAddress(int link) {
        return "10.78." + link + ".1";
    }

    static String device(int link) {
        return "wan" + link;
    }

    static InetSocketAddress own(int link) {
        return endpoint(ownAddress(link), PORT);
    }

    /** A PoP that is not under test. */
    static InetSocketAddress farPop() {
        return endpoint(FAR_POP_ADDRESS, POP_PORT);
    }

    /** The PoP under test. */
    static InetSocketAddress ownPop() {
        return endpoint(ownAddress(0), POP_PORT);
    }

    static InetSocketAddress end(int number, int link) {
        int net = FIRST_NET + link * NETS_PER_LINK + number / PER_NET;
        return endpoint("10.77." + net + "." + (1 + number % PER_NET), PORT);
    }

    private static InetSocketAddress endpoint(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    /** A site whose links all have static ends, so that nobody punches. */
    static Site site(long id, String name, List<InetSocketAddress> ends) {
        List<Link> links = new ArrayList<>();
        for (InetSocketAddress end : ends) {
            LinkEndpoints endpoints =
                    LinkEndpoints.observed(end).withFixed(end).withLocal(end, NatMapping.OPEN);
            links.add(
                    new Link(
                            links.size(),
                            "wan" + links.size(),
                            LinkRole.INTERNET,
                            1,
                            true,
                            endpoints));
        }
        return new Site(id, name, SiteType.BRANCH, true, links, true, PairScope.IN);
    }

    static Prefix prefix(int number) {
        return Prefix.ofIpv4(11 << 24 | number << 8, 24);
    }

    static Frame routes(long generation, int number) {
        Routes.Builder routes =
                Routes.newBuilder()
                        .setSiteId(id(number))
                        .setPart(whole(generation, List.of(prefix(number))));
        return Frame.newBuilder().setRoutes(routes).build();
    }

    /** All routes of a site, where one part holds them. */
    static RoutePart whole(long generation, List<Prefix> prefixes) {
        return RoutePart.newBuilder()
                .setGeneration(generation)
                .setAnnounced(Nlri.encode(PrefixSet.of(prefixes)))
                .setLast(true)
                .build();
    }
}
