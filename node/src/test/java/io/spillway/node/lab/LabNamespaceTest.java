package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * The whole lab in real namespaces, with nodes played by the kernel's own forwarding in place of
 * ours. These do not encrypt, so exactly the checks of the Internet must fail, and all others hold.
 */
final class LabNamespaceTest {
    private static final Set<String> NOT_ENCRYPTED =
            Set.of(
                    "Internet carries only DTLS, STUN, TLS, ARP, ND, ICMP",
                    "marker not on the Internet",
                    "the capture saw the tunnels");

    private static final LabTimes SHORT = new LabTimes(5000, 1500, 5000, 1100, 0, 700, 400, 500);

    @TempDir Path directory;

    @BeforeEach
    void requireNamespaces() throws Exception {
        String name = "spwtest-" + ProcessHandle.current().pid();
        String obstacle = obstacle(name);
        if (!obstacle.isEmpty() && "true".equals(System.getenv("CI"))) fail(obstacle);
        Assumptions.assumeTrue(obstacle.isEmpty(), "skipped, no namespaces here: " + obstacle);
    }

    private static String obstacle(String name) {
        try {
            Programs.run("ip netns add " + name);
            Programs.run("ip netns delete " + name);
            Programs.run("nft --version");
            Programs.run("ethtool --version");
            return "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Test
    void shouldMeasureEveryWayOfCuttingOnKernelForwarding() throws Exception {
        LabOptions options = options(4, true, true, true);

        LabResult result = run(options);

        assertEquals(NOT_ENCRYPTED, failed(result));
        assertEquals(4, result.cuts().size());
        for (CutResult cut : result.cuts()) {
            assertEquals(6, cut.outages().size());
            assertTrue(cut.outageMaxMs() > 50, () -> cut.toString());
            assertTrue(cut.throughputGbps() > 0.01, () -> cut.toString());
        }
        assertTrue(result.internet().marked() > 1000);
        assertTrue(Files.size(options.capture()) > 100_000);
        ObjectNode json = LabJson.of(result, LabChecks.of(result));
        assertEquals("fail", json.path("verdict").asString());
        assertTrue(json.path("recovery").path("outageMs").path("byCut").path("sigkill").has("p99"));
    }

    @Test
    void shouldFailWithoutRecovery() throws Exception {
        LabResult result = run(options(1, false, true, true));

        assertTrue(failed(result).contains("outage"));
        assertTrue(failed(result).contains("every site went to recovery"));
    }

    @Test
    void shouldFailWithoutFreeze() throws Exception {
        LabResult result = run(options(1, true, false, true));

        assertTrue(failed(result).contains("outage"));
        assertFalse(failed(result).contains("every site went to recovery"));
    }

    @Test
    void shouldFailWhenThePopWasNotCut() throws Exception {
        LabResult result = run(options(1, true, true, false));

        assertTrue(failed(result).contains("the PoP was really cut"));
        assertFalse(failed(result).contains("outage"));
    }

    private LabOptions options(int cuts, boolean recovery, boolean freeze, boolean cut) {
        Path capture = directory.resolve("internet.pcap");
        return new LabOptions(3, cuts, null, capture, false, recovery, freeze, cut, 1);
    }

    private LabResult run(LabOptions options) throws Exception {
        String prefix = "spw" + ProcessHandle.current().pid() + "-";
        try (LabSetup setup =
                        LabSetup.build(options, directory, prefix, net -> nodes(net, options));
                Screen screen = new Screen(System.out, false)) {
            LabResult result = new Lab(options, setup, SHORT, screen).run();
            setup.capture().writeTo(options.capture());
            System.out.print(new LabReport(result, LabChecks.of(result)).text());
            return result;
        }
    }

    private static LabNodes nodes(LabNetwork network, LabOptions options) {
        List<LabNode> sites = new ArrayList<>();
        for (LabSite site : network.sites()) {
            sites.add(new KernelSite(network, site, options));
        }
        return new LabNodes(new KernelPop(network), sites);
    }

    private static Set<String> failed(LabResult result) {
        Set<String> failed = new TreeSet<>();
        for (LabChecks.Check check : LabChecks.of(result)) {
            if (!check.passed()) failed.add(check.name());
        }
        return failed;
    }
}
