package io.spillway.node.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In network namespaces of its own, with the kernel's real answers. */
class SetupCommandTest {
    private static final String LAN = "--lan=br-lan=lan0";

    @TempDir Path directory;
    private SetupNetwork network;

    @BeforeEach
    void build() throws Exception {
        network = new SetupNetwork(directory);
    }

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    @Test
    void shouldShowWhatItWouldDoAndDoNothing() throws Exception {
        String before = network.picture();

        assertEquals(0, network.setup("", LAN, "--dry-run"), network.said());

        assertEquals(
                """
                ip link add br-lan type bridge mcast_snooping 0
                ip link set lan0 master br-lan
                ip link set lan0 up
                ip link set br-lan up
                ip -4 route replace default via 198.51.100.1 dev wan0 table 20100
                ip -4 rule add from 198.51.100.2 lookup main suppress_prefixlength 0 priority 2100
                ip -4 rule add from 198.51.100.2 lookup 20100 priority 2101
                ip -4 route replace default via 192.0.2.1 dev wan1 table 20101
                ip -4 rule add from 192.0.2.2 lookup main suppress_prefixlength 0 priority 2100
                ip -4 rule add from 192.0.2.2 lookup 20101 priority 2101
                sysctl -qw net/ipv4/conf/wan1/rp_filter=2

                # undone by:
                sysctl -qw net/ipv4/conf/wan1/rp_filter=1
                ip -4 rule del from 192.0.2.2 lookup 20101 priority 2101
                ip -4 rule del from 192.0.2.2 lookup main suppress_prefixlength 0 priority 2100
                ip -4 route del default via 192.0.2.1 dev wan1 table 20101
                ip -4 rule del from 198.51.100.2 lookup 20100 priority 2101
                ip -4 rule del from 198.51.100.2 lookup main suppress_prefixlength 0 priority 2100
                ip -4 route del default via 198.51.100.1 dev wan0 table 20100
                ip link set br-lan down
                ip link set lan0 down
                ip link set lan0 nomaster
                ip link del br-lan
                """,
                network.said());
        assertEquals(before, network.picture());
    }

    @Test
    void shouldKeepWhatIsConfirmedAndUndoIt() throws Exception {
        String before = network.picture();

        assertEquals(0, network.setup("yes\nyes\n", LAN), network.said());

        assertTrue(network.run("ip -d link show lan0").contains("master br-lan"));
        assertTrue(isOurs(network.state()));
        assertTrue(outOf("198.51.100.2").contains("dev wan0"), outOf("198.51.100.2"));
        assertTrue(outOf("192.0.2.2").contains("dev wan1"), outOf("192.0.2.2"));
        assertEquals(0, network.setup("", LAN), network.said());
        assertTrue(network.said().contains("nothing to do"), network.said());

        assertEquals(0, network.setup("", "--undo"), network.said());

        assertEquals(before, network.picture());
        assertEquals(1, network.setup("", "--undo"));
        assertEquals(1, network.setup("", "--confirm"));
    }

    /** What lies there is run by root. */
    private static boolean isOurs(Path state) throws IOException {
        try (Stream<Path> files = Files.list(state)) {
            return files.allMatch(file -> SetupNetwork.mode(file).equals("rw-------"));
        }
    }

    /** By which way the kernel answers. */
    private String outOf(String address) throws Exception {
        return network.run("ip route get 203.0.113.10 from " + address);
    }

    /** Not every kernel has it. */
    @Test
    void shouldEndBridgeNetfilter() throws Exception {
        network.run("sysctl -eqw " + SetupNetwork.BRIDGE_NETFILTER + "=1");
        boolean isThere = network.run("ls /proc/sys/net").contains("bridge");

        assertEquals(0, network.setup("", LAN, "--dry-run"), network.said());

        String step = "sysctl -qw net/bridge/bridge-nf-call-iptables=0";
        assertEquals(isThere, network.said().contains(step), network.said());
    }

    @Test
    void shouldDoNothingWithoutAYes() throws Exception {
        String before = network.picture();

        assertEquals(1, network.setup("no\n", LAN));
        assertEquals(1, network.setup("", LAN));

        assertEquals(before, network.picture());
    }

    @Test
    void shouldUndoAtOnceWhenTheAnswerIsNo() throws Exception {
        String before = network.picture();

        assertEquals(1, network.setup("no\n", LAN, "--yes"), network.said());

        assertEquals(before, network.picture());
        assertTrue(network.said().contains("not confirmed: all is undone"), network.said());
    }

    /** As if the login had been lost with the connection. */
    @Test
    void shouldUndoWhenItIsKilledBeforeTheConfirmation() throws Exception {
        String before = network.picture();
        Process setup = network.startSetup(LAN, "--yes", "--within=1");
        network.await("a step", () -> hasBegun() || !setup.isAlive());
        assertTrue(hasBegun(), () -> SetupNetwork.output(setup));

        setup.destroyForcibly().waitFor();

        network.await("the end of the trial", () -> network.has("undone"));
        assertEquals(before, network.picture());
        String undone = Files.readString(network.state().resolve("undone"));
        assertTrue(undone.contains("ip link del br-lan"), undone);
        assertEquals(1, network.setup("", "--confirm"));
    }

    /** It may be over already. */
    private boolean hasBegun() throws Exception {
        return network.has("undone") || network.run("ip -o link show").contains("br-lan");
    }

    @Test
    void shouldBeConfirmedFromElsewhere() throws Exception {
        Future<Integer> setup = network.beginSetup(LAN, "--yes");
        network.await("the last step", () -> network.picture().contains("rp_filter 2"));

        assertEquals(0, network.setup("", "--confirm"));

        assertEquals(0, setup.get());
        assertEquals(0, network.setup("", "--undo"));
    }

    @Test
    void shouldUndoAllWhenAStepFails() throws Exception {
        network.run("ip link add br-else type bridge"); // no bridge goes into a bridge
        String before = network.picture();

        assertEquals(1, network.setup("", "--lan=br-lan=br-else", "--yes"), network.said());

        assertEquals(before, network.picture());
        assertTrue(network.said().contains("ip link set br-else master br-lan"), network.said());
        assertTrue(network.said().contains(": all is undone"), network.said());
    }

    @Test
    void shouldDoItAgainAtTheNextStart() throws Exception {
        assertEquals(0, network.setup("yes\n", LAN, "--yes"), network.said());
        String after = network.picture();
        network.restart();
        assertFalse(network.picture().contains("br-lan"));

        assertEquals(0, network.setup("", "--boot"), network.said());

        assertEquals(after, network.picture());
    }

    @Test
    void shouldDoTheRestAtTheStartWhenALinkIsAway() throws Exception {
        assertEquals(0, network.setup("yes\n", LAN, "--yes"), network.said());
        network.restart();
        network.run("ip link del wan1");

        assertEquals(1, network.setup("", "--boot"), network.said());

        assertTrue(network.said().contains("links[1] lte: wan1: no such device"), network.said());
        assertTrue(outOf("198.51.100.2").contains("dev wan0"));
    }

    @Test
    void shouldAttachALinkAndCloseTheWan() throws Exception {
        network.run("ip address flush dev wan1");
        String before = network.picture();
        String uplink = "--wan=wan1=192.0.2.2/30,192.0.2.1";

        assertEquals(
                0, network.setup("yes\n", uplink, "--firewall=22,443", "--yes"), network.said());

        assertTrue(outOf("192.0.2.2").contains("dev wan1"));
        String rules = network.run("nft list table inet spillway-wan");
        assertTrue(rules.contains("iifname \"wan0\" udp dport 20060 accept"), rules);
        assertTrue(rules.contains("tcp dport { 22, 443 } accept"), rules);
        assertEquals(0, network.setup("yes\n", uplink, "--firewall", "--yes"), network.said());
        assertTrue(network.run("nft list table inet spillway-wan").contains("tcp dport 22 accept"));

        assertEquals(0, network.setup("", "--undo"), network.said());

        assertEquals(before, network.picture());
    }

    @Test
    void shouldSayInOneLineWhatIsWrong() throws Exception {
        network.run("ip link add br-else type bridge");
        network.run("ip link add lan1 type veth peer name lan2");
        network.run("ip link set lan1 master br-else");
        network.run("ip address add 10.9.0.1/24 dev lan2");

        refused("no such device, expected one of", "--lan=br-lan=lan7");
        refused("is in br-else already", "--lan=br-lan=lan1");
        refused("has the address 10.9.0.1", "--lan=br-lan=lan2");
        refused("is a WAN device of the configuration", "--lan=br-lan=wan0");
        refused("expected a bridge of the configuration, one of [br-lan]", "--lan=br-x=lan0");
        refused("is no name of a device", "--lan=br-lan=lan0;reboot");
        refused(
                "expected a device of a link, one of [wan0, wan1]",
                "--wan=wan9=192.0.2.2/30,192.0.2.1");
        refused("expected ADDRESS/LENGTH,GATEWAY of one network", "--wan=wan1=192.0.2.2/30");
        refused("expected TCP ports", "--firewall=ssh");
        refused("expected 1..3600", LAN, "--within=0");
        network.run("ip address flush dev wan1");
        refused("links[1] lte: wan1 has no address: expected one, or --wan wan1=", LAN);
        network.run("ip address add 192.0.2.3/24 dev wan1");
        refused("links[1] lte: wan1 has no default route", LAN);
        network.run("ip address flush dev wan0");
        network.run("ip address add 198.51.100.9/24 dev wan0");
        refused("links[0] fibre: wan0 has no address 198.51.100.2, but [198.51.100.9]", LAN);
    }

    private void refused(String why, String... arguments) throws Exception {
        assertEquals(2, network.setup("", arguments), network.said());

        assertTrue(network.said().lines().anyMatch(line -> line.contains(why)), network.said());
        assertFalse(network.said().contains("\tat "), network.said());
        assertFalse(network.run("ip link show").contains("br-lan"));
    }
}
