package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spillway.routing.bgp.BgpState;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Route;
import io.spillway.routing.rib.RouteSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** A site and a router, each in a namespace of its own, with a cable between them. */
final class BgpNetwork {
    private static final long WAIT_MS = 15_000;

    private static final String SITE =
            """
            site: {id: 1001, name: berlin, account: acme}
            pops: [{name: frankfurt, address: 203.0.113.10}]
            links: [{name: wan1, device: wan0, port: 20060}]
            lan:
              - port: spw-lan
                networks:
                  - {name: office, gateways: [10.1.0.1/24, "fd00:1::1/64"]}
                  - {name: lab, vlan: 20, gateways: [10.1.2.1/24]}
                routes: [{prefix: 10.77.0.0/24, via: 10.1.0.254}]
            bgp:
              as: 4200000010
              neighbours:
                - %s
            """;

    final RouterHost host;
    final RouterHost router;

    /**
     * @param program of the router; without it the test is skipped
     */
    BgpNetwork(Path program) throws Exception {
        require(Files.exists(program), program + " is missing (Debian: frr, bird2)");
        require("root".equals(System.getProperty("user.name")), "namespaces need root");
        host = new RouterHost();
        router = new RouterHost();
        host.cable(
                "lan0",
                List.of("10.1.0.1/24", "fd00:1::1/64"),
                router,
                List.of("10.1.0.254/24", "fd00:1::fe/64"));
    }

    /** Skips the test and says why; in CI, where everything has to be there, fails it. */
    private static void require(boolean holds, String reason) {
        if (!holds && "true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        if (!holds) {
            System.out.println("skipped: " + reason);
        }
        assumeTrue(holds, reason);
    }

    /**
     * @param neighbour as in the configuration
     */
    BgpSite site(Path directory, String neighbour) throws Exception {
        return new BgpSite(host, directory.resolve("site.yaml"), SITE.formatted(neighbour));
    }

    static void await(String what, Callable<Boolean> holds) throws Exception {
        long endMs = System.currentTimeMillis() + WAIT_MS;
        while (!holds.call()) {
            if (System.currentTimeMillis() > endMs) {
                fail("not seen: " + what);
            }
            Thread.sleep(50);
        }
    }

    static boolean isEstablished(BgpSite site) throws Exception {
        return site.view(0).state() == BgpState.ESTABLISHED;
    }

    static boolean isLearnt(BgpSite site, String prefix) throws Exception {
        Route route = site.inUse(prefix);
        return route != null && route.source() == RouteSource.BGP;
    }

    static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Prefix::parse).toList();
    }

    void close() throws InterruptedException {
        router.close();
        host.close();
    }
}
