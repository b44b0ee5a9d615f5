package io.spillway.routing.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.fib.Prefix;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GracefulRestartTest {
    private static final int OWNER = PathOwner.FIRST_NEIGHBOUR;
    private static final long S = 1_000_000_000L;

    private final RouteTable routes = new RouteTable(1, hop -> "");
    private final GracefulRestart restart = new GracefulRestart(routes, OWNER);

    @BeforeEach
    void learn() {
        AttributeScratch scratch = new AttributeScratch();
        scratch.reset();
        for (Prefix prefix : List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("fd00:1::/48"))) {
            PathAttributes attributes = routes.attributes().intern(scratch);
            routes.family(prefix.isIpv4())
                    .announce(OWNER, prefix.high(), prefix.low(), prefix.length(), attributes);
        }
    }

    private static Capabilities restarting(boolean isIpv6Kept) {
        return new Capabilities(
                true,
                true,
                true,
                false,
                false,
                65_002,
                true,
                true,
                120,
                true,
                true,
                true,
                isIpv6Kept);
    }

    private static SessionTerms terms(boolean hasIpv6) {
        return new SessionTerms(65_001, 65_002, true, 4, true, hasIpv6, 60, 4096, 2);
    }

    private int count(boolean isIpv4) {
        return routes.owner(OWNER).count(isIpv4);
    }

    @Test
    void shouldKeepWhatTheNeighbourHasKept() {
        restart.begin(restarting(true), 0);
        restart.onEstablished(restarting(true), terms(true), 5 * S);

        assertEquals(1, count(true));
        assertEquals(1, count(false));
    }

    @Test
    void shouldForgetWhatTheNeighbourHasNotKept() {
        restart.begin(restarting(true), 0);
        restart.onEstablished(restarting(false), terms(true), 5 * S);

        assertEquals(1, count(true));
        assertEquals(0, count(false));
    }

    @Test
    void shouldForgetAFamilyThatTheNewSessionDoesNotHave() {
        restart.begin(restarting(true), 0);
        restart.onEstablished(restarting(true), terms(false), 5 * S);

        assertEquals(1, count(true));
        assertEquals(0, count(false));
    }

    @Test
    void shouldForgetAllOfANeighbourThatDoesNotComeBack() {
        restart.begin(restarting(true), 0);
        restart.poll(119 * S);
        assertEquals(1, count(true));
        restart.poll(121 * S);

        assertEquals(0, count(true));
        assertEquals(0, count(false));
    }
}
