package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.node.InterfaceAddress;
import io.spillway.node.SiteConfig;
import io.spillway.node.bfd.BfdNeighbour;
import io.spillway.node.bfd.BfdService;
import io.spillway.node.bgp.BgpSockets;
import io.spillway.routing.bgp.NeighbourView;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.Route;
import io.spillway.routing.rib.RouteSource;
import io.spillway.tap.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of a site's daemon speaks BGP, with real sockets in the namespace of a host: sockets,
 * speaker, Rib and a control thread. Routes of other sites are put in by the test.
 */
final class BgpSite {
    private static final long TURN_MS = 5;

    final List<EventDraft> events = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService control;
    private final Rib rib = new Rib();
    private Set<String> advertised = Set.of();
    private SiteBgp bgp;
    private BgpSockets sockets;
    private BfdService bfd;

    BgpSite(RouterHost host, Path file, String yaml) throws Exception {
        SiteConfig config = SiteConfig.read(Files.writeString(file, yaml));
        control = Executors.newSingleThreadScheduledExecutor();
        ask(
                () -> {
                    NetworkNamespace.enter(host.namespace());
                    open(config);
                    return null;
                });
        control.scheduleWithFixedDelay(
                () -> bgp.poll(System.nanoTime()), 0, TURN_MS, TimeUnit.MILLISECONDS);
    }

    private void open(SiteConfig config) throws Exception {
        BgpSetup setup = BgpSetup.of(config);
        List<SiteSetup.LocalRoute> routes = new ArrayList<>();
        int lan = 0;
        for (SiteConfig.Network network : config.networks().toList()) {
            for (InterfaceAddress own : network.gateways()) {
                routes.add(local(own.network(), NextHop.onLink(lan)));
                routes.add(local(Prefix.host(own.address()), NextHop.HOST));
            }
            lan++;
        }
        for (SiteConfig.StaticRoute route : config.lan().getFirst().routes()) {
            routes.add(
                    new SiteSetup.LocalRoute(
                            RouteSource.STATIC, route.prefix(), NextHop.via(0, route.via())));
        }
        routes.forEach(route -> rib.addLocal(route.source(), route.prefix(), route.nextHop()));
        sockets =
                BgpSockets.open(
                        setup.neighbours().stream().map(BgpSetup.Neighbour::ends).toList(),
                        BgpSockets.PORT,
                        control,
                        () -> bgp);
        bgp =
                new SiteBgp(
                        setup,
                        routes,
                        List.of(),
                        rib,
                        false,
                        sockets,
                        prefixes ->
                                advertised =
                                        new TreeSet<>(
                                                prefixes.stream().map(Prefix::toString).toList()),
                        events::add,
                        System.nanoTime());
        bgp.start();
        startBfd(setup);
    }

    private void startBfd(BgpSetup setup) throws Exception {
        List<BfdNeighbour> neighbours =
                setup.withBfd().stream().map(BgpSetup.Neighbour::bfd).toList();
        bfd =
                neighbours.isEmpty()
                        ? null
                        : BfdService.start(
                                neighbours,
                                new SplittableRandom(1),
                                change -> control.execute(() -> bgp.onBfd(change)));
    }

    private static SiteSetup.LocalRoute local(Prefix prefix, NextHop nextHop) {
        return new SiteSetup.LocalRoute(RouteSource.CONNECTED, prefix, nextHop);
    }

    <T> T ask(Callable<T> question) throws Exception {
        return control.submit(question).get();
    }

    void change(Consumer<Rib> change) throws Exception {
        ask(
                () -> {
                    change.accept(rib);
                    return null;
                });
    }

    NeighbourView view(int neighbour) throws Exception {
        return ask(() -> bgp.views().get(neighbour));
    }

    /** What the command socket answers. */
    JsonNode answer(ObjectNode request) throws Exception {
        return ask(() -> new BgpAnswers(bgp).answer(request));
    }

    /** The route in use, or null. */
    Route inUse(String prefix) throws Exception {
        return ask(() -> rib.inUse(Prefix.parse(prefix)));
    }

    /** All that is known of a prefix. */
    List<Route> routes(String prefix) throws Exception {
        return ask(
                () ->
                        rib.routes().stream()
                                .filter(route -> route.prefix().equals(Prefix.parse(prefix)))
                                .toList());
    }

    Set<String> advertised() throws Exception {
        return ask(() -> advertised);
    }

    List<String> told() {
        return events.stream().map(EventDraft::message).toList();
    }

    void reset(int neighbour) throws Exception {
        ask(
                () -> {
                    bgp.reset(neighbour);
                    return null;
                });
    }

    /** As the daemon stops. */
    void close() throws Exception {
        ask(
                () -> {
                    bgp.stop();
                    return null;
                });
        Thread.sleep(50);
        if (bfd != null) {
            bfd.close();
        }
        control.shutdownNow();
        sockets.close();
    }
}
