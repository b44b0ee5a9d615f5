package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The path of one site becomes narrower while large packets flow, first in the cloud and then in
 * recovery, and nobody says so: the tunnels find out, hosts are told what fits, what may be cut is
 * cut; and when the path is wide again, all grows back.
 */
final class SmallPathStory {
    /** IPv4 and UDP 28, record 42, content type 1. */
    private static final int OVERHEAD = 71;

    /** A second until the size in use is asked for again, then four waits for an answer. */
    private static final double FOUND_MAX_MS = 4_000;

    /** Two intervals of the lab's configuration. */
    private static final double RAISED_MAX_MS = 10_000;

    private static final long CHECK_MS = 20;
    private static final long SETTLE_MS = 1_500;
    private static final long BURST_MS = 1_000;
    private static final double BURST_MIN_MBPS = 1;
    private static final Pattern TOLD = Pattern.compile("\\bmtu (\\d+)");
    private static final String REASSEMBLED = "ReasmOKs";

    private final Stage stage;
    private final NodeProcess narrowed;
    private final LabSite near;
    private final LabSite far;
    private final LabSite third;
    private final SmallPath path;
    private final List<BigStream> streams;

    SmallPathStory(Stage stage) {
        this.stage = stage;
        narrowed = stage.sites().getFirst();
        near = stage.place(narrowed);
        far = stage.place(stage.sites().get(1));
        third = stage.place(stage.sites().get(2));
        path = new SmallPath(stage.network(), near);
        streams =
                List.of(
                        new BigStream(near, far, false),
                        new BigStream(far, near, false),
                        new BigStream(near, third, true),
                        new BigStream(third, near, true));
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        path.mute();
        stage.open();
        try (HostThreads threads = new HostThreads()) {
            for (BigStream stream : streams) {
                start(threads, stream.from(), stream.sender());
                start(threads, stream.to(), stream.receiver());
            }
            stage.awaitCalm();
            awaitSize(LabSite.POP_NAME, SmallPath.WIDE, RAISED_MAX_MS);
            narrow(result, "cloud", LabSite.POP_NAME, 1400);
            narrow(result, "cloud", LabSite.POP_NAME, 1280);
            widen(result, "cloud", LabSite.POP_NAME);
            killPop();
            narrow(result, "recovery", far.name(), 1280);
            widen(result, "recovery", far.name());
            if (!threads.failures().isEmpty()) {
                throw new LabException("large packets: " + threads.failures());
            }
        }
        result.exactly("tcpBroken", stage.isTcpWell() ? 0 : 1, 0, "sessions");
        stage.comeBack(result);
    }

    private void start(HostThreads threads, LabSite at, HostJob job) {
        threads.start(stage.network().namespacePath(at.hostNamespace()), job);
    }

    private void killPop() throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Thread.sleep(SETTLE_MS);
    }

    private void narrow(ScenarioResult.Builder result, String where, String peer, int mtu)
            throws IOException, InterruptedException, LabException {
        stage.phase("in " + where + ": " + near.name() + "'s path carries " + mtu + " bytes");
        String name = " " + where + " " + mtu;
        forgetWhatHostsWereTold();
        long reassembled = reassembled();
        Map<Direction, Long> mark = stage.mark();
        List<Long> marks = streams.stream().map(stream -> stream.log().next()).toList();
        path.carry(mtu);
        result.atMost("foundMs" + name, awaitSize(peer, mtu, FOUND_MAX_MS), FOUND_MAX_MS, "ms");
        Thread.sleep(SETTLE_MS);
        for (int i = 0; i < streams.size(); i++) {
            BigStream stream = streams.get(i);
            String kind = stream.mayFragment() ? " DF=0 " : " DF=1 ";
            String way = stream.from().name() + ">" + stream.to().name();
            double outageMs = outageMs(stream.log(), marks.get(i));
            result.atMost("outageMs" + name + kind + way, outageMs, FOUND_MAX_MS, "ms");
        }
        result.exactly("smallPacketsLost" + name, stage.lostSince(mark), 0, "packets");
        result.exactly("told" + name + " " + near.name(), told(near, far), mtu - OVERHEAD, "bytes");
        result.exactly("told" + name + " " + far.name(), told(far, near), mtu - OVERHEAD, "bytes");
        result.atLeast("reassembled" + name, reassembled() - reassembled, 1, "packets");
        burst(result, name, near, far);
        burst(result, name, far, near);
    }

    private void burst(ScenarioResult.Builder result, String name, LabSite from, LabSite to)
            throws InterruptedException {
        TcpBurst burst = new TcpBurst(stage.network(), from, to, stage.marker(), BURST_MS);
        String what = "tcp" + name + " " + from.name() + ">" + to.name();
        result.atLeast(what, burst.run() * 1_000, BURST_MIN_MBPS, "Mbit/s");
    }

    private void widen(ScenarioResult.Builder result, String where, String peer)
            throws IOException, InterruptedException, LabException {
        stage.phase("in " + where + ": wide again");
        path.carry(SmallPath.WIDE);
        double raisedMs = awaitSize(peer, SmallPath.WIDE, RAISED_MAX_MS);
        result.atMost("raisedMs " + where, raisedMs, RAISED_MAX_MS, "ms");
    }

    /** Milliseconds until the site's tunnels to that peer carry what such a path carries. */
    private double awaitSize(String peer, int mtu, double maxMs)
            throws IOException, InterruptedException, LabException {
        long startNs = System.nanoTime();
        while (true) {
            double ms = (System.nanoTime() - startNs) / 1e6;
            JsonNode answer = narrowed.ask("tunnels").path("tunnels");
            if (isSized(answer, peer, mtu - OVERHEAD)) {
                return ms;
            }
            if (ms > maxMs) {
                throw new LabException("after " + maxMs + " ms not " + mtu + ": " + answer);
            }
            Thread.sleep(CHECK_MS);
        }
    }

    private static boolean isSized(JsonNode tunnels, String peer, int mtu) {
        boolean isThere = false;
        for (JsonNode tunnel : tunnels) {
            if (tunnel.path("peer").asString("").equals(peer)) {
                isThere = true;
                if (tunnel.path("mtu").asInt(0) != mtu) {
                    return false;
                }
            }
        }
        return isThere;
    }

    /** From the narrowing on, by the sender's clock. */
    private static double outageMs(StreamLog log, long mark) {
        long end = log.next() - SETTLE_MS / 10;
        StreamLoss loss = log.loss(mark, Math.max(mark, end));
        return loss.lost() == 0 ? 0 : loss.longestGapNs() / 1e6;
    }

    /** What the host's kernel was told of the way to another; 0: nothing. */
    private int told(LabSite host, LabSite other) throws IOException {
        String command = "ip route get " + other.hostAddress();
        Matcher matcher = TOLD.matcher(stage.network().in(host.hostNamespace(), command));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** So that every narrowing is a new one to them. */
    private void forgetWhatHostsWereTold() throws IOException {
        for (LabSite host : List.of(near, far, third)) {
            stage.network().in(host.hostNamespace(), "ip route flush cache");
        }
    }

    /** Packets that the hosts without DF made whole again. */
    private long reassembled() throws IOException {
        long sum = 0;
        for (LabSite host : List.of(near, third)) {
            String counters = stage.network().in(host.hostNamespace(), "cat /proc/net/snmp");
            List<String> ip = counters.lines().filter(line -> line.startsWith("Ip:")).toList();
            int field = List.of(ip.getFirst().split(" ")).indexOf(REASSEMBLED);
            sum += Long.parseLong(ip.getLast().split(" ")[field]);
        }
        return sum;
    }
}
