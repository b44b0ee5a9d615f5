package io.spillway.node.site;

import static java.util.stream.Collectors.toMap;

import io.spillway.control.directory.NatMapping;
import io.spillway.control.event.EventDraft;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.readiness.SiteReadiness;
import io.spillway.control.recovery.InternetState;
import io.spillway.control.recovery.RecoveryMachine;
import io.spillway.control.recovery.RecoveryState;
import io.spillway.control.recovery.ReturnCondition;
import io.spillway.control.recovery.Transport;
import io.spillway.control.route.LiveRefusal;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.node.bgp.BgpTransport;
import io.spillway.node.metrics.NodeMetrics;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelView;
import io.spillway.routing.rib.Rib;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What system tests look at inside a site. */
public final class SiteView {
    private final SiteControl control;

    public SiteView(SiteControl control) {
        this.control = control;
    }

    public RecoveryState state() {
        return control.machine().state();
    }

    public Transport transportOf(long siteId) {
        return control.machine().transportOf(siteId);
    }

    public Set<ReturnCondition> waitsFor(long siteId) {
        return control.machine().waitsFor(siteId);
    }

    /** As a capture with keys does. */
    public void changeKeys() {
        control.changeKeys();
    }

    /** Of the sessions to PoPs and peers. */
    public List<Integer> connectionIds() {
        return Stream.concat(
                        control.tunnels().toPop().stream(),
                        control.tunnels().toPeers().values().stream())
                .map(TunnelView::connectionId)
                .toList();
    }

    public RecoveryMachine machine() {
        return control.machine();
    }

    public InternetState internetState() {
        return control.internet().machine().state();
    }

    public BgpTransport.Listener bgp() {
        return control.bgp();
    }

    public Rib rib() {
        return control.rib();
    }

    /** How often what other sites told of their frozen routes was not taken. */
    public Map<LiveRefusal, Long> refusedLiveRoutes() {
        return control.liveListener().refused();
    }

    /** What {@code spillway routes --diff} is told. */
    public JsonNode routesDiff() {
        return new ThawAnswers(control).answer();
    }

    /** What {@code spillway explain} is told about addresses. */
    public JsonNode explain(JsonNode request) {
        return explain(request, null, null).join();
    }

    /**
     * The same about a packet, once the data plane was turned.
     *
     * @param policy as if it were in force; null: what is
     */
    public CompletableFuture<JsonNode> explain(
            JsonNode request, DataPlaneCommands commands, LanPolicy policy) {
        CompletableFuture<JsonNode> over = new CompletableFuture<>();
        List<ExplainDoors.Lan> lans = List.of(new ExplainDoors.Lan("spw-lan", "office", 0));
        SiteFirewall firewall = new SiteFirewall(null, List.of(), commands, null);
        new SiteExplain(control, lans, true, commands, firewall)
                .begin(request, policy, Runnable::run, over);
        return over;
    }

    /** What Prometheus is told, of a site without rules. */
    public Scrape metrics(NodeMetrics node, DataPlane dataPlane) {
        return new SiteMetrics(node, control, dataPlane, null, List.of()).ofControl();
    }

    /** As if the site's rules had found it out. */
    public void tell(EventDraft event) {
        control.events().append(event);
    }

    public int peerCount() {
        return control.machine().peers().size();
    }

    public List<ManagedTunnel> peerTunnels() {
        return List.copyOf(control.tunnels().toPeers().values());
    }

    public List<ManagedTunnel> popTunnels() {
        return List.copyOf(control.tunnels().toPop());
    }

    /** The number of the PoP node in use. */
    public int popInUse() {
        return control.pops().choice().inUse();
    }

    /** Of the PoP, by which the tunnels in use go. */
    public List<Integer> popPorts() {
        return control.pops().alive().stream()
                .map(tunnel -> tunnel.tunnel().remote().getPort())
                .toList();
    }

    /** No episode of recovery is open. */
    public boolean isRecoveryQuiet() {
        return !control.events().isActive();
    }

    public boolean isReachable(long siteId) {
        return control.tunnels().isReachable(siteId, Transport.RECOVERY);
    }

    /** Which WAN links carry what goes by cloud. */
    public List<Integer> linksToPop() {
        return control.tunnels().bestPopTunnels().stream().map(it -> it.tunnel().link()).toList();
    }

    /** Those to peers that carry that transport. */
    public List<ManagedTunnel> peerTunnels(Transport transport) {
        return control.tunnels().toPeers().entrySet().stream()
                .filter(it -> control.tunnels().transportOf(it.getKey()) == transport)
                .map(it -> it.getValue())
                .toList();
    }

    /** Every tunnel to a peer is one without a third site. */
    public boolean isDirect() {
        return control.tunnels().toPeers().keySet().stream().noneMatch(key -> key.isRelayed());
    }

    /** Peers that are reached without a third site. */
    public int directPeers() {
        return control.tunnels().carriers().size();
    }

    /** How packets to each other site leave, as last published. */
    public Map<Long, SiteExit> exits() {
        return control.forwarding().exits().stream().collect(toMap(SiteExit::siteId, it -> it));
    }

    public NatMapping mapping(int link) {
        return control.punching().mapping(link);
    }

    /** Why there is no way, one for each missing tunnel. */
    public List<ReasonCode> punchFaults() {
        SitePunching punching = control.punching();
        return control.directory().tunnels().stream()
                .map(plan -> punching.fault(plan.key(), punching.isBrokered()))
                .toList();
    }

    public SiteReadiness readiness() {
        return control.proving().assess();
    }

    /** Sites of the directory that there is no room for. */
    public int refusedSites() {
        return control.directory().refusedCount();
    }

    public String refusal() {
        return control.channel().refusal();
    }
}
