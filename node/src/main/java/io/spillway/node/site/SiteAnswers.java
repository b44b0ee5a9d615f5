package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.Peer;
import io.spillway.control.event.Event;
import io.spillway.control.event.EventJournal;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.Transport;
import io.spillway.control.wire.SavedState;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.node.ControlAgent;
import io.spillway.node.DropAnswers;
import io.spillway.node.EventAnswers;
import io.spillway.node.NodeVersion;
import io.spillway.node.RouteAnswers;
import io.spillway.node.SiteConfig;
import io.spillway.node.TunnelAnswers;
import io.spillway.node.tunnel.ManagedTunnel;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a site's command socket answers. The answers are made on the control thread. */
final class SiteAnswers {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final double NS_PER_S = 1e9;
    private static final Set<Transport> OFF = Set.of(Transport.ALT_WAN, Transport.RECOVERY);

    private final SiteConfig config;
    private final SiteControl control;
    private final SiteCredentials credentials;
    private final DataPlane dataPlane;
    private final RecordCiphers ciphers;
    private final EventLoopKind loop;
    private final ExecutorService files;
    private final ReadinessAnswers readiness;
    private final DrillAnswers drill;
    private final ThawAnswers thaws;
    private final BgpAnswers bgp;
    private final SiteFirewall firewall;
    private final SiteDns dns;
    private final SiteDhcp dhcp;

    SiteAnswers(
            SiteConfig config,
            SiteControl control,
            SiteCredentials credentials,
            DataPlane dataPlane,
            RecordCiphers ciphers,
            EventLoopKind loop,
            EventJournal readinessJournal,
            SiteFirewall firewall,
            SiteDns dns,
            SiteDhcp dhcp,
            ExecutorService files) {
        readiness = new ReadinessAnswers(control, readinessJournal, files);
        drill = new DrillAnswers(control);
        thaws = new ThawAnswers(control);
        bgp = new BgpAnswers(control.bgp());
        this.config = config;
        this.control = control;
        this.credentials = credentials;
        this.dataPlane = dataPlane;
        this.ciphers = ciphers;
        this.loop = loop;
        this.firewall = firewall;
        this.dns = dns;
        this.dhcp = dhcp;
        this.files = files;
    }

    Map<String, Function<JsonNode, JsonNode>> handlers(ControlAgent agent) {
        Map<String, Function<JsonNode, JsonNode>> onControl = new HashMap<>();
        onControl.put("status", request -> status());
        onControl.put("tunnels", request -> tunnels());
        onControl.put("readiness", readiness::now);
        onControl.put("routes", request -> RouteAnswers.answer(request, control.rib()));
        onControl.put("routes-diff", request -> thaws.answer());
        onControl.put("drops", request -> drops());
        onControl.put("bgp", bgp::answer);
        onControl.put("return", request -> returnNow());
        Map<String, Function<JsonNode, JsonNode>> all =
                new HashMap<>(agent.onControlThread(onControl));
        all.put("events", request -> events());
        all.put("readiness-past", readiness::past);
        SiteExplain explain = new SiteExplain(config, control, dataPlane.commands(), firewall);
        all.put("explain", request -> explain.ask(request, agent));
        all.put("firewall", firewall::answer);
        all.put("firewall-apply", request -> firewall.apply());
        all.put("drill", request -> drill.hold(request, agent));
        return all;
    }

    private ObjectNode status() {
        RecoveryMachine machine = control.machine();
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("site")
                .put("id", Long.toUnsignedString(config.site().id()))
                .put("name", config.site().name())
                .put("account", config.site().account());
        answer.put("state", machine.state().name());
        answer.put("transport", machine.state().isOffCloud() ? machine.state().name() : "CLOUD");
        answer.put("recoveryInUse", machine.isRecoveryInUse());
        answer.put("episodeOpen", control.events().isActive());
        describeServices(answer.putObject("services"));
        control.tables().describe(answer);
        describePop(answer.putObject("pop"));
        InternetAnswers.describe(answer, control);
        ArrayNode peers = answer.putArray("peers");
        machine.peers().forEach(view -> describePeer(peers.addObject(), view));
        answer.put("cipher", ciphers.name());
        answer.put("cipherReason", ciphers.reason());
        answer.put("loop", loop.label());
        answer.put("threads", dataPlane.threading().describe());
        answer.putObject("pool")
                .put("slots", dataPlane.slotCount())
                .put("free", dataPlane.freeSlotCount());
        ShapingAnswers.describe(answer, dataPlane, config.links());
        describePunching(answer.putObject("punching"));
        LiveAnswers.describe(
                answer.putObject("liveRoutes"), control.liveTeller(), control.liveListener());
        describeMemory(answer.putObject("savedState"));
        credentials.describe(answer);
        dns.describe(answer, control.offCloudRoutes().areInForce());
        dhcp.describe(answer);
        SiteConfig.ReturnBackoff backoff = config.recovery().returnBackoff();
        answer.putObject("returnBackoff")
                .put("first", backoff.first().toString())
                .put("max", backoff.max().toString())
                .put("remainingS", machine.backoffRemainingNs(control.nowNs()) / NS_PER_S);
        answer.put("software", NodeVersion.TEXT);
        return answer;
    }

    /** What is suspended while traffic goes on without the cloud. */
    private void describeServices(ObjectNode node) {
        RecoveryMachine machine = control.machine();
        boolean isAnyOff =
                machine.peers().stream()
                        .map(RecoveryMachine.PeerView::transport)
                        .anyMatch(OFF::contains);
        boolean isOffCloud = machine.state().isOffCloud() || isAnyOff;
        for (CloudService service : CloudService.values()) {
            node.put(service.key(), control.services().standing(service, isOffCloud).word());
        }
    }

    private void describePunching(ObjectNode node) {
        SitePunching punching = control.punching();
        ObjectNode mappings = node.putObject("mapping");
        for (Link link : control.setup().own().links()) {
            mappings.put(link.name(), punching.mapping(link.index()).name());
        }
        node.put("running", punching.running());
        node.put("strangers", punching.strangers());
    }

    private void describeMemory(ObjectNode node) {
        SiteMemory memory = control.memory();
        if (memory.writtenMs() != 0) {
            node.put("written", Instant.ofEpochMilli(memory.writtenMs()).toString());
        }
        memory.loaded().ifPresent(it -> node.put("startedFrom", timeOf(it)));
        if (!memory.refusal().isEmpty()) {
            node.put("refused", memory.refusal());
        }
    }

    private static String timeOf(SavedState state) {
        return Instant.ofEpochMilli(state.getSavedMs()).toString();
    }

    private void describePop(ObjectNode pop) {
        pop.put("name", control.channel().popName());
        pop.put("connected", control.isCloudAlive());
        pop.put("channel", control.channel().isOpen());
        int link = control.channel().link();
        if (link >= 0) {
            pop.put("channelLink", control.setup().linkName(link));
        }
        PopAnswers.describe(pop, control.pops(), control.nowNs());
        if (control.directory().refusedCount() > 0) {
            pop.put("sitesLeftOut", control.directory().refusedCount());
        }
        if (!control.channel().refusal().isEmpty()) {
            pop.put("refusal", control.channel().refusal());
        }
    }

    private void describePeer(ObjectNode node, RecoveryMachine.PeerView view) {
        Peer peer = control.directory().peer(view.siteId());
        Collection<ManagedTunnel> tunnels = control.tunnels().toPeer(view.siteId());
        node.put("id", Long.toUnsignedString(view.siteId()));
        node.put("name", peer == null ? "" : peer.site().name());
        node.put("transport", view.transport().name());
        node.put("attached", peer != null && peer.site().attached());
        node.put("tunnels", tunnels.size());
        node.put("up", (int) tunnels.stream().filter(ManagedTunnel::isAlive).count());
        ArrayNode waitsFor = node.putArray("waitsFor");
        view.waitsFor().forEach(condition -> waitsFor.add(condition.name()));
    }

    private ObjectNode tunnels() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("tunnels");
        for (ManagedTunnel tunnel : control.tunnels().toPop()) {
            String popName = control.channel().popName();
            String peer = tunnel.peer() == null ? popName : tunnel.peer().name();
            ObjectNode node = list.addObject().put("peer", peer);
            node.put("transport", Transport.CLOUD.name());
            describe(node, tunnel);
        }
        control.tunnels()
                .toPeers()
                .forEach(
                        (key, tunnel) -> {
                            Peer peer = control.directory().peer(key.siteId());
                            String name = Long.toUnsignedString(key.siteId());
                            ObjectNode node =
                                    list.addObject()
                                            .put("peer", peer == null ? name : peer.site().name());
                            node.put("transport", control.tunnels().transportOf(key).name());
                            describe(node, tunnel);
                        });
        return answer;
    }

    private void describe(ObjectNode node, ManagedTunnel tunnel) {
        node.put("link", control.setup().linkName(tunnel.tunnel().link()));
        node.put("role", tunnel.isClient() ? "client" : "server");
        TunnelAnswers.describe(node, tunnel, control.nowNs());
        node.put("belowFloor", control.preference().isBelowFloor(tunnel));
        node.put(
                "way",
                control.tunnels().describeWay(tunnel.tunnel().link(), tunnel.tunnel().remote()));
    }

    private ObjectNode drops() {
        ObjectNode answer = JSON.createObjectNode();
        List<String> devices = config.lan().stream().map(SiteConfig.LanPort::port).toList();
        DropAnswers.describe(answer, dataPlane, devices);
        return answer;
    }

    private ObjectNode returnNow() {
        control.returnNow();
        return JSON.createObjectNode().put("done", true);
    }

    private ObjectNode events() {
        List<Event> kept = CompletableFuture.supplyAsync(control.events()::kept, files).join();
        ObjectNode answer = JSON.createObjectNode();
        EventAnswers.describe(answer, kept);
        return answer;
    }
}
