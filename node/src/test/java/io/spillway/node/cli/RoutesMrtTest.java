package io.spillway.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.CommandSocket;
import io.spillway.node.RouteAnswers;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.mrt.MrtAttributes;
import io.spillway.routing.mrt.MrtListener;
import io.spillway.routing.mrt.MrtPath;
import io.spillway.routing.mrt.MrtPeer;
import io.spillway.routing.mrt.MrtReader;
import io.spillway.routing.rib.BgpPath;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.Route;
import io.spillway.routing.rib.RouteSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesMrtTest {
    private final Rib rib = new Rib();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path directory;

    @Test
    void shouldExportWhatIsInForceAndReadItBack() throws IOException {
        fill();
        for (String name : List.of("table.mrt", "table.mrt.gz")) {
            Path file = directory.resolve(name);
            Path socket = directory.resolve("site.sock");
            try (CommandSocket _ =
                    CommandSocket.open(
                            socket, Map.of("routes", it -> RouteAnswers.answer(it, rib)))) {
                assertEquals(0, spillway("routes", "export", file, "--json", "--socket", socket));
            }
            Read read = new Read();
            try (InputStream in = Files.newInputStream(file)) {
                MrtReader.read(in, read);
            }
            List<String> expected = rib.routes().stream().map(RoutesMrtTest::text).toList();
            assertEquals(expected, read.routes, err::toString);
            assertEquals(5, read.peers.size());
        }
        assertTrue(out.toString().contains("\"prefixes\":3006,\"paths\":3007}"), out::toString);
    }

    @Test
    void shouldSayWhatAFileHolds() throws IOException {
        fill();
        Path file = directory.resolve("table.mrt");
        Path socket = directory.resolve("site.sock");
        try (CommandSocket _ =
                CommandSocket.open(socket, Map.of("routes", it -> RouteAnswers.answer(it, rib)))) {
            spillway("routes", "export", file, "--socket", socket);
        }
        out.getBuffer().setLength(0);

        assertEquals(0, spillway("routes", "import", file));

        assertTrue(out.toString().contains("ipv4 prefixes     3005\n"), out::toString);
        assertTrue(out.toString().contains("ipv6 prefixes        1\n"), out::toString);
        assertTrue(out.toString().contains("24      3001     0\n"), out::toString);

        Files.write(file, new byte[] {1, 2, 3});
        assertEquals(1, spillway("routes", "import", file));
        assertEquals(
                "spillway: " + file + ": at byte 0: the header of a record is cut short\n",
                err.toString());
    }

    /** What a file holds, as {@link #text} has it. */
    private static final class Read implements MrtListener {
        List<MrtPeer> peers;
        final List<String> routes = new ArrayList<>();

        @Override
        public void onPeers(List<MrtPeer> told) {
            peers = told;
        }

        @Override
        public void onRoute(Prefix prefix, List<MrtPath> paths) {
            for (MrtPath path : paths) {
                MrtPeer peer = peers.get(path.peer());
                String asPath = MrtAttributes.asPath(path.attributes());
                IpAddress via = MrtAttributes.nextHop(path.attributes());
                String from = peer.address() + " " + Integer.toUnsignedString(peer.bgpId());
                routes.add(prefix + " from " + from + " by " + via + " path " + asPath);
            }
        }
    }

    private static String text(Route route) {
        boolean isIpv4 = route.prefix().isIpv4();
        IpAddress none = isIpv4 ? IpAddress.ofIpv4(0) : IpAddress.ofIpv6(0, 0);
        NextHop hop = route.nextHop();
        boolean hasGateway = hop != null && hop.kind() == NextHop.Kind.LAN && !hop.isOnLink();
        IpAddress via = hasGateway ? hop.gateway(isIpv4) : none;
        String peer = route.path() == null ? "0.0.0.0" : route.path().peer().toString();
        String asPath = route.path() == null ? "" : route.path().asPath();
        String from = peer + " " + Long.toUnsignedString(route.siteId());
        return route.prefix() + " from " + from + " by " + via + " path " + asPath;
    }

    private void fill() {
        rib.addLocal(RouteSource.CONNECTED, Prefix.parse("10.1.0.0/24"), NextHop.onLink(0));
        rib.addLocal(RouteSource.STATIC, Prefix.parse("10.1.0.1/32"), NextHop.HOST);
        rib.replaceBgp(Prefix.parse("10.9.0.0/16"), List.of(path("10.1.0.254", "65001 {2,3} 4")));
        rib.replaceBgp(
                Prefix.parse("10.10.0.0/16"),
                List.of(path("10.1.0.254", "65001"), path("10.1.0.253", "65002 65001")));
        rib.replaceRemote(7, 1, List.of(Prefix.parse("10.2.0.0/16"), Prefix.parse("fd00::/16")));
        rib.replaceRemote(
                8,
                1,
                IntStream.range(0, 3_000)
                        .mapToObj(i -> Prefix.ofIpv4(20 << 24 | i << 8, 24))
                        .toList());
    }

    private static BgpPath path(String peer, String asPath) {
        IpAddress address = IpAddress.parse(peer);
        return new BgpPath(address, NextHop.via(0, address), true, false, "", asPath);
    }

    private int spillway(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        return SpillwayCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }
}
