package io.spillway.node.sim;

import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.node.pop.PopControl;
import io.spillway.node.pop.PopMemory;
import io.spillway.node.pop.PopSetup;
import io.spillway.node.pop.SiteConnection;
import io.spillway.node.pop.TrustFeed;
import io.spillway.node.pop.api.EventStore;
import io.spillway.node.tunnel.RekeyLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A whole PoP but for threads, sockets and certificates. */
public final class SimPop extends SimNode {
    /** Answered, as all that its kernel gets. */
    static final InetAddress RESOLVER = InetAddress.ofLiteral("10.254.254.1");

    private final PopControl control;
    private final SimInternet internet;
    private final EventStore events;

    SimPop(SimWorld world, SimPlace place, List<SimPlace> others, Path state) {
        this(world, place, others, state, new SimInternet());
    }

    private SimPop(
            SimWorld world,
            SimPlace place,
            List<SimPlace> others,
            Path state,
            SimInternet internet) {
        super(
                world,
                new PeerIdentity(
                        SimWorld.ACCOUNT,
                        Role.POP,
                        0,
                        place.node(),
                        SimCertificates.of(place.node())),
                place.ends(),
                List.of(new DataPlane.PortSpec(internet.port(), true, List.of())));
        this.internet = internet;
        events = world.events(state);
        var setup =
                new PopSetup(
                        place.node(),
                        SimWorld.ACCOUNT,
                        1500,
                        world.pathMtuRaiseNs(),
                        LocalAddresses.NONE,
                        place.tunnel().getAddress(),
                        RESOLVER,
                        others.stream().map(SimPlace::asNode).toList(),
                        Duration.ofSeconds(30),
                        world.policy(),
                        false);
        control =
                new PopControl(
                        setup,
                        new PopControl.Surroundings(
                                dataPlane,
                                handshakes,
                                world.ciphers(),
                                agent,
                                Runnable::run,
                                memory(state),
                                world.clock(),
                                world.random(),
                                new TrustFeed(),
                                () -> null,
                                RekeyLimits.DEFAULT,
                                events),
                        world.clock().nanoTime());
        agent.turn(control);
    }

    /** What sites reach by this PoP. */
    public SimInternet internet() {
        return internet;
    }

    /** Null: it keeps none. */
    EventStore events() {
        return events;
    }

    @Override
    void die() {
        super.die();
        if (events != null) {
            events.close();
        }
    }

    public PopControl control() {
        return control;
    }

    void execute(Consumer<PopControl> task) {
        agent.execute(() -> task.accept(control));
    }

    void onClosed(SiteConnection connection) {
        execute(it -> it.onClosed(connection));
    }

    private static PopMemory memory(Path state) {
        try {
            return PopMemory.open(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
