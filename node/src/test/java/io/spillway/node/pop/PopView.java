package io.spillway.node.pop;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.event.Event;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.node.metrics.NodeMetrics;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.pop.api.AccountSnapshot;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelView;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.EpochClock;
import tools.jackson.databind.JsonNode;

/** What system tests look at inside a PoP. */
public final class PopView {
    private final PopControl control;

    public PopView(PopControl control) {
        this.control = control;
    }

    public void apply(AccountPolicy policy) {
        control.onPolicy(policy);
    }

    public void drain() {
        control.drain(true);
    }

    /** What {@code spillway explain} is told about addresses. */
    public JsonNode explain(JsonNode request) {
        return explain(request, null).join();
    }

    /** The same about a packet, once the data plane was turned. */
    public CompletableFuture<JsonNode> explain(JsonNode request, DataPlaneCommands commands) {
        CompletableFuture<JsonNode> over = new CompletableFuture<>();
        new PopExplain(control, commands, Path.of("wan-policy.yaml"))
                .begin(request, Runnable::run, over);
        return over;
    }

    /** What Prometheus is told, of a PoP without rules. */
    public Scrape metrics(NodeMetrics node, DataPlane dataPlane) {
        return new PopMetrics(node, control, dataPlane, null).ofControl();
    }

    /** What the API is told. */
    public AccountSnapshot account(EpochClock clock) {
        return new PopAccount(control, clock).snapshot();
    }

    /** Whether that site has a living tunnel to this node. */
    public boolean hasHere(long siteId) {
        return control.sites().stream().anyMatch(site -> site.id() == siteId && site.isHere());
    }

    /** Why not; null: it is forgotten. */
    public String forget(long siteId) {
        return control.forget(siteId);
    }

    public int siteCount() {
        return control.sites().size();
    }

    /** What other nodes said and was not taken. */
    public long refusedOfNodes() {
        return control.mesh().nodes().stream().mapToLong(PeerNode::refused).sum();
    }

    /** Texts of the events that sites uploaded. */
    public List<String> events() {
        return control.events().all().stream().map(Event::message).toList();
    }

    public Collection<ManagedTunnel> tunnels() {
        return control.keeper().tunnels();
    }

    /** Of the sessions in use. */
    public List<Integer> connectionIds() {
        return control.keeper().tunnels().stream().map(TunnelView::connectionId).toList();
    }
}
