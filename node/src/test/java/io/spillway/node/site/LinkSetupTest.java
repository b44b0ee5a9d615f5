package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkRole;
import io.spillway.node.SiteConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices of these names do not exist on the machine that tests. */
class LinkSetupTest {
    private static final String SITE =
            """
            site: {id: 7, name: berlin, account: acme}
            pops: [{name: frankfurt, address: 203.0.113.10}]
            links:
              - {name: lte, device: no-lte, port: 20076, precedence: 2}
              - {name: fibre, device: no-fibre, port: 20060, address: 198.51.100.2}
              - {name: dish, device: no-dish, port: 20068, precedence: 3}
              - {name: mpls, device: no-mpls, role: alt-wan, address: 172.16.1.2}
            lan: [{port: spw-lan, networks: [{name: office, gateways: [10.1.0.1/24]}]}]
            offCloud: {maxLinks: %d}
            """;

    @TempDir Path directory;

    @Test
    void shouldTakeAllButTheLastResort() throws Exception {
        LinkSetup setup = setup(4);

        List<Link> links = setup.links();
        assertEquals(List.of(true, true, false, true), enabled(links));
        assertEquals(Set.of(), setup.overLimit());
        assertEquals(LinkRole.ALT_WAN, links.get(3).role());
        var end = new InetSocketAddress(InetAddress.ofLiteral("172.16.1.2"), 20049);
        assertEquals(end, links.get(3).reachedAt());
    }

    @Test
    void shouldLeaveOutTheLeastPreferredAboveTheLimitAndNeverAltWan() throws Exception {
        LinkSetup setup = setup(1);

        assertEquals(Set.of(0), setup.overLimit());
        assertEquals(List.of(false, true, false, true), enabled(setup.links()));
    }

    @Test
    void shouldWaitForDevicesThatAreYetToCome() throws Exception {
        LinkSetup setup = setup(4);

        assertEquals(List.of(1500, 1500, 1500, 1500), setup.mtus());
        assertNull(setup.links().get(0).endpoints().local());
    }

    private LinkSetup setup(int maxLinks) throws Exception {
        Path file = Files.writeString(directory.resolve("site.yaml"), SITE.formatted(maxLinks));
        return new LinkSetup(SiteConfig.read(file));
    }

    private static List<Boolean> enabled(List<Link> links) {
        return links.stream().map(Link::enabled).toList();
    }
}
