package io.spillway.node.site;

import static io.spillway.node.site.BgpNetwork.await;
import static io.spillway.node.site.BgpNetwork.isEstablished;
import static io.spillway.node.site.BgpNetwork.isLearnt;
import static io.spillway.node.site.BgpNetwork.prefixes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site's BGP beside Debian's BIRD, which calls, over IPv6 and signed, with an AS of four octets:
 *
 * <pre>
 *   site, AS 4200000010    fd00:1::1  ----  fd00:1::fe    BIRD, AS 4200000077
 * </pre>
 */
@Tag("alone")
class BgpBirdTest {
    private static final Path BIRD = Path.of("/usr/sbin/bird");

    private static final String CONFIG =
            """
            router id 10.1.0.254;
            protocol device {}
            protocol direct { ipv4; ipv6; }
            protocol static nets4 { ipv4; route 10.8.0.0/24 blackhole; }
            protocol static nets6 { ipv6; route fd00:8::/48 blackhole; }
            protocol bgp site {
              local fd00:1::fe as 4200000077;
              neighbor fd00:1::1 as 4200000010;
              password "s3cret6";
              ttl security on;
              connect delay time 1;
              connect retry time 2;
              error wait time 1, 4;
              ipv4 { import all; export where proto = "nets4"; };
              ipv6 { import all; export where proto = "nets6"; };
            }
            """;

    /** {@code 10.1.0.254} is a router that speaks nothing, and BIRD is behind it. */
    private static final String FAR_CONFIG =
            """
            router id 10.77.0.2;
            protocol device {}
            protocol bfd { multihop { min rx interval 100 ms; min tx interval 100 ms; multiplier 3; }; }
            protocol static nets { ipv4; route 10.8.0.0/24 blackhole; }
            protocol bgp site {
              local 10.77.0.2 as 65077;
              neighbor 10.1.0.1 as 4200000010;
              multihop 2;
              ttl security on;
              bfd on;
              connect delay time 1;
              connect retry time 2;
              error wait time 1, 4;
              ipv4 { import all; export where proto = "nets"; };
            }
            """;

    @TempDir private Path directory;
    private BgpNetwork network;
    private RouterHost far;
    private BgpSite site;

    @AfterEach
    void end() throws Exception {
        if (site != null) {
            site.close();
        }
        if (far != null) {
            far.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void shouldExchangeRoutesOverIpv6WithTtlSecurity() throws Exception {
        Process bird = startBird(CONFIG);
        site =
                network.site(
                        directory,
                        "{name: lab, address: \"fd00:1::fe\", as: 4200000077, password: s3cret6,"
                                + " passive: true, ttlSecurity: true, families: [ipv6]}");

        await("session", () -> isEstablished(site));
        await("route", () -> isLearnt(site, "fd00:8::/48"));
        assertEquals("4200000077", site.inUse("fd00:8::/48").path().asPath());
        site.change(rib -> rib.replaceRemote(1002, 1, prefixes("10.2.0.0/16", "fd00:22::/48")));
        await("cloud", () -> birdc("show route").contains("fd00:22::/48"));
        String told = birdc("show route fd00:22::/48 all");
        assertTrue(told.contains("(4200020049, 0, 1002)"), told);

        birdc("disable nets6");
        await("withdrawal", () -> site.inUse("fd00:8::/48") == null);
        birdc("enable nets6");
        await("return", () -> isLearnt(site, "fd00:8::/48"));

        network.router.stop(bird);
        await("end", () -> site.inUse("fd00:8::/48") == null);
        assertTrue(site.view(0).lastReceived().startsWith("cease"), site.view(0).lastReceived());
    }

    /** RFC 5882: the hold time would have let a minute pass. */
    @Test
    void shouldEndTheSessionWhenBfdHearsNothing() throws Exception {
        Process bird = startBird(withBfd("10.1.0.254", "10.1.0.1", "ipv4", "10.8.0.0/24"));
        site =
                network.site(
                        directory,
                        "{name: lab, address: 10.1.0.254, as: 65020,"
                                + " bfd: {minTx: 100ms, minRx: 100ms}}");

        await("route", () -> isLearnt(site, "10.8.0.0/24"));
        await("BFD", () -> site.told().contains("lab: BFD session up"));
        network.router.run("kill -STOP " + bird.pid());
        long startNs = System.nanoTime();
        await("end", () -> site.inUse("10.8.0.0/24") == null);
        long tookMs = (System.nanoTime() - startNs) / 1_000_000;

        assertTrue(tookMs < 2_000, tookMs + " ms");
        List<String> told = site.told();
        assertTrue(
                told.contains("lab: BFD session down: control detection time expired"),
                told::toString);
        assertTrue(told.stream().anyMatch(it -> it.contains("BFD")), told::toString);
        network.router.run("kill -CONT " + bird.pid());
        await("return", () -> isLearnt(site, "10.8.0.0/24"));
    }

    /** X08: BFD was answered from a link-local address, of which the neighbour knows nothing. */
    @Test
    void shouldSpeakBfdFromTheAddressOfTheSessionX08() throws Exception {
        startBird(withBfd("fd00:1::fe", "fd00:1::1", "ipv6", "fd00:8::/48"));
        site =
                network.site(
                        directory,
                        "{name: lab, address: \"fd00:1::fe\", as: 65020, families: [ipv6],"
                                + " bfd: {minTx: 100ms, minRx: 100ms}}");

        await("BFD", () -> site.told().contains("lab: BFD session up"));
        await("route", () -> isLearnt(site, "fd00:8::/48"));
        String sessions = birdc("show bfd sessions");
        assertTrue(sessions.contains("fd00:1::1"), sessions);
        assertTrue(sessions.contains("Up"), sessions);
        assertFalse(sessions.contains("fe80"), sessions);
    }

    /** RFC 5883, and RFC 5082 over two hops. */
    @Test
    void shouldSpeakWithANeighbourBehindARouter() throws Exception {
        network = new BgpNetwork(BIRD);
        far = new RouterHost();
        network.router.cable("far0", List.of("10.77.0.1/24"), far, List.of("10.77.0.2/24"));
        network.router.run("sysctl -q -w net.ipv4.ip_forward=1");
        network.host.run("ip route add 10.77.0.0/24 via 10.1.0.254");
        far.run("ip route add 10.1.0.0/24 via 10.77.0.1");
        Process bird = startBird(far, FAR_CONFIG);
        site =
                network.site(
                        directory,
                        "{name: far, address: 10.77.0.2, as: 65077, hops: 2, ttlSecurity: true,"
                                + " bfd: {minTx: 100ms, minRx: 100ms}}");

        await("route", () -> isLearnt(site, "10.8.0.0/24"));
        assertEquals(
                NextHop.via(0, IpAddress.parse("10.1.0.254")), site.inUse("10.8.0.0/24").nextHop());
        await("BFD", () -> site.told().contains("far: BFD session up"));
        site.change(rib -> rib.replaceRemote(1002, 1, prefixes("10.2.0.0/16")));
        await("cloud", () -> birdc(far, "show route").contains("10.2.0.0/16"));

        far.run("kill -STOP " + bird.pid());
        await("end", () -> site.inUse("10.8.0.0/24") == null);
        assertTrue(
                site.told().contains("far: BFD session down: control detection time expired"),
                site.told()::toString);
        far.run("kill -CONT " + bird.pid());
        await("return", () -> isLearnt(site, "10.8.0.0/24"));
    }

    private static String withBfd(String local, String site, String family, String network) {
        return """
                router id 10.1.0.254;
                protocol device {}
                protocol direct { ipv4; ipv6; }
                protocol bfd { interface "*" { min rx interval 100 ms; min tx interval 100 ms; multiplier 3; }; }
                protocol static nets { %3$s; route %4$s blackhole; }
                protocol bgp site {
                  local %1$s as 65020;
                  neighbor %2$s as 4200000010;
                  bfd on;
                  connect delay time 1;
                  connect retry time 2;
                  error wait time 1, 4;
                  %3$s { import all; export where proto = "nets"; };
                }
                """
                .formatted(local, site, family, network);
    }

    private Process startBird(String text) throws Exception {
        network = new BgpNetwork(BIRD);
        return startBird(network.router, text);
    }

    private Process startBird(RouterHost host, String text) throws Exception {
        Path config = Files.writeString(directory.resolve("bird.conf"), text);
        return host.start(List.of(BIRD.toString(), "-f", "-c", config.toString(), "-s", socket()));
    }

    private String socket() {
        return directory.resolve("bird.ctl").toString();
    }

    private String birdc(String command) throws Exception {
        return birdc(network.router, command);
    }

    private String birdc(RouterHost host, String command) throws Exception {
        List<String> all = new ArrayList<>(List.of("birdc", "-s", socket()));
        all.addAll(List.of(command.split(" ")));
        return host.run(all);
    }
}
