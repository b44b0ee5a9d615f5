package io.spillway.node.lab;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * A site with two WANs loses the one that carries most, in the cloud and in recovery, silently and
 * not: its traffic goes on over the other one. Nobody recovers because of it, and nothing is lost
 * when the link comes back.
 */
final class LinkCutStory {
    private static final long WATCHED_MS = 500;
    private static final long SETTLE_MS = 2_000;

    /** Until a tunnel that nobody uses is found to be back: its keep-alives are 15 s apart. */
    private static final long ALL_UP_MAX_MS = 40_000;

    /** A link that was down is preferred again only when it has held for half a minute. */
    private static final long FLOOR_MAX_MS = 60_000;

    /** Of the tunnels to peers: two links here by two there. */
    private static final int TUNNELS_PER_PAIR = 4;

    /** Its tunnel is found dead, then TCP and TLS to the PoP over the other link. */
    private static final long CHANNEL_MAX_MS = 2_000;

    private static final long CHANNEL_WAIT_MS = 30_000;

    private static final long ASK_MS = 20;

    private static final List<LabUplink> LINKS = List.of(LabUplink.FIRST, LabUplink.SECOND);

    private final Stage stage;
    private final NodeProcess site;
    private final LabSite place;

    LinkCutStory(Stage stage) {
        this.stage = stage;
        site = stage.sites().get(1); // it calls one of its peers and is called by the other
        place = stage.place(site);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        awaitAllUp(true);
        stage.awaitCalm();
        cut(result, "cloudSilent", LinkCut.SILENT, busiest("CLOUD"));
        cut(result, "cloudDown", LinkCut.DOWN, busiest("CLOUD"));
        cut(result, "cloudRemoved", LinkCut.REMOVED, LabUplink.SECOND);
        channelMoves(result);
        preferAgain(result);
        result.exactly("recoveriesInCloud", stage.countRecoveries(stage.sites()), 0, "times");
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        Thread.sleep(SETTLE_MS);
        cut(result, "recoverySilent", LinkCut.SILENT, busiest("RECOVERY"));
        cut(result, "recoveryDown", LinkCut.DOWN, busiest("RECOVERY"));
        stage.comeBack(result);
        int sites = stage.sites().size();
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), sites, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), sites, "events");
    }

    private void cut(ScenarioResult.Builder result, String name, LinkCut way, LabUplink link)
            throws IOException, InterruptedException, LabException {
        boolean isInCloud = name.startsWith("cloud");
        Predicate<SiteStatus> state = isInCloud ? SiteStatus::isInCloud : SiteStatus::isInRecovery;
        stage.phase(site.name() + " loses " + link.device() + ": " + name);
        Map<Direction, Long> mark = stage.mark();
        way.cut(stage, place, link);
        stage.stays("as before", state, SETTLE_MS);
        Losses losses = stage.lossSince(mark);
        double outageMs = losses.of(this::isTouched).outageMs();
        result.atMost(name + "OutageMs", outageMs, Stage.OUTAGE_MAX_MS, "ms");
        long elsewhere = losses.of(direction -> !isTouched(direction)).lost();
        result.exactly(name + "LostElsewhere", elsewhere, 0, "packets");
        mark = stage.mark();
        way.heal(stage, place, link);
        awaitAllUp(isInCloud);
        stage.stays("as before", state, SETTLE_MS);
        result.exactly(name + "ReturnLost", stage.lostSince(mark), 0, "packets");
    }

    /** What the PoP and the site have to say goes by the link that lives, at once. */
    private void channelMoves(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        LabUplink link =
                channelLink().equals(LabUplink.FIRST.link()) ? LabUplink.FIRST : LabUplink.SECOND;
        LabUplink other = link == LabUplink.FIRST ? LabUplink.SECOND : LabUplink.FIRST;
        stage.phase(site.name() + " loses " + link.device() + ", by which its channel goes");
        LinkCut.SILENT.cut(stage, place, link);
        long startNs = System.nanoTime();
        while (!channelLink().equals(other.link())) {
            if (msSince(startNs) > CHANNEL_WAIT_MS) {
                throw new LabException(
                        "the channel did not move in " + CHANNEL_WAIT_MS + " ms: " + channelLink());
            }
            Thread.sleep(ASK_MS);
        }
        result.atMost("channelMovedMs", msSince(startNs), CHANNEL_MAX_MS, "ms");
        LinkCut.SILENT.heal(stage, place, link);
        awaitAllUp(true);
    }

    private String channelLink() throws IOException {
        return site.ask("status").path("pop").path("channelLink").asString("");
    }

    private static long msSince(long startNs) {
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    /** All links meet the floor again: then new flows are spread as before, old ones stay. */
    private void preferAgain(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("both links preferred again");
        Map<Direction, Long> mark = stage.mark();
        Predicate<JsonNode> isPreferred =
                answer ->
                        answer.path("tunnels")
                                .valueStream()
                                .noneMatch(tunnel -> tunnel.path("belowFloor").asBoolean(true));
        stage.awaitAnswer("tunnels", "above the floor", isPreferred, FLOOR_MAX_MS);
        stage.stays("in the cloud", SiteStatus::isInCloud, SETTLE_MS);
        result.exactly("preferredLost", stage.lostSince(mark), 0, "packets");
    }

    private void awaitAllUp(boolean isPopThere)
            throws IOException, InterruptedException, LabException {
        int peers = stage.sites().size() - 1;
        int expected = TUNNELS_PER_PAIR * peers + (isPopThere ? LINKS.size() : 0);
        Predicate<JsonNode> isUp =
                answer ->
                        answer.path("tunnels").valueStream().filter(LinkCutStory::isUp).count()
                                == expected;
        stage.awaitAnswer("tunnels", "all up", isUp, ALL_UP_MAX_MS);
    }

    private static boolean isUp(JsonNode tunnel) {
        String state = tunnel.path("state").asString("");
        return state.equals("UP") || state.equals("SUSPECT");
    }

    /** The link that carries most of what the site sends and gets by that transport. */
    private LabUplink busiest(String transport) throws IOException, InterruptedException {
        Map<LabUplink, Long> before = packets(transport);
        Thread.sleep(WATCHED_MS);
        Map<LabUplink, Long> after = packets(transport);
        long first = after.get(LabUplink.FIRST) - before.get(LabUplink.FIRST);
        long second = after.get(LabUplink.SECOND) - before.get(LabUplink.SECOND);
        return first >= second ? LabUplink.FIRST : LabUplink.SECOND;
    }

    private Map<LabUplink, Long> packets(String transport) throws IOException {
        Map<LabUplink, Long> packets = new EnumMap<>(LabUplink.class);
        JsonNode tunnels = site.ask("tunnels").path("tunnels");
        for (LabUplink link : LINKS) {
            packets.put(
                    link,
                    tunnels.valueStream()
                            .filter(it -> it.path("transport").asString("").equals(transport))
                            .filter(it -> it.path("link").asString("").equals(link.link()))
                            .mapToLong(LinkCutStory::packets)
                            .sum());
        }
        return packets;
    }

    private static long packets(JsonNode tunnel) {
        return tunnel.path("packetsSent").asLong(0) + tunnel.path("packetsReceived").asLong(0);
    }

    private boolean isTouched(Direction direction) {
        return direction.touches(place);
    }
}
