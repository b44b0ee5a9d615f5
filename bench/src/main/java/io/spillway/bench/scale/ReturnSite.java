package io.spillway.bench.scale;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Hello;
import io.spillway.control.wire.HelloLink;
import io.spillway.control.wire.LinkObservation;
import io.spillway.control.wire.LinkReport;
import io.spillway.control.wire.MappingKind;
import io.spillway.control.wire.RouteAdvert;
import io.spillway.control.wire.SiteEntry;
import io.spillway.control.wire.SiteKind;
import io.spillway.control.wire.WireAddress;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerIdentity;
import io.spillway.node.channel.ChannelClient;
import io.spillway.node.channel.ChannelClientConfig;
import io.spillway.node.channel.ChannelListener;
import io.spillway.node.channel.ChannelThread;
import io.spillway.node.channel.ChannelTiming;
import io.spillway.node.channel.ChannelWay;
import io.spillway.routing.fib.Prefix;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A site as its PoP knows it: the product's channel, data tunnels, and what it was told. State is
 * the channel thread's.
 */
final class ReturnSite implements ChannelListener, AutoCloseable {
    /** What all sites of one run were told. */
    static final class Tally {
        final AtomicLong bytes = new AtomicLong();
        final AtomicLong frames = new AtomicLong();
    }

    private final int number;
    private final int siteCount;
    private final List<Prefix> prefixes;
    private final List<FarTunnel> tunnels;
    private final List<InetSocketAddress> ends;
    private final Tally tally;
    private final ChannelClient client;
    private final Map<Long, Boolean> attached = new HashMap<>();
    private final Set<Long> routes = new HashSet<>();
    private long request;
    private boolean hasEnded;
    private volatile long completeNs;

    ReturnSite(
            int number,
            int siteCount,
            List<Prefix> prefixes,
            List<InetSocketAddress> ends,
            List<FarTunnel> tunnels,
            Identity identity,
            ChannelThread thread,
            Tally tally) {
        this.number = number;
        this.siteCount = siteCount;
        this.prefixes = List.copyOf(prefixes);
        this.ends = List.copyOf(ends);
        this.tunnels = List.copyOf(tunnels);
        this.tally = tally;
        client =
                ChannelClient.start(
                        thread,
                        new ChannelClientConfig(
                                FarSites.ownPop(),
                                () -> List.of(ChannelWay.ANY),
                                () -> identity,
                                FarAccount.verifier(identity),
                                WireSender.POP,
                                ChannelTiming.DEFAULT),
                        this);
    }

    /** When it had all, on the present channel; 0: it has not. Any thread. */
    long completeNs() {
        return completeNs;
    }

    /** Since when all data tunnels stand; 0: they do not. Any thread. */
    long upSinceNs() {
        long latestNs = 0;
        for (FarTunnel tunnel : tunnels) {
            long upNs = tunnel.upSinceNs();
            if (upNs == 0) {
                return 0;
            }
            latestNs = Math.max(latestNs, upNs);
        }
        return latestNs;
    }

    @Override
    public void onConnected(PeerIdentity pop) {
        forget();
        request++;
        client.send(Frame.newBuilder().setHello(hello()).build());
        RouteAdvert.Builder advert = RouteAdvert.newBuilder().setPart(FarSites.whole(1, prefixes));
        client.send(Frame.newBuilder().setRouteAdvert(advert).build());
        client.send(Frame.newBuilder().setLinkReport(report()).build());
    }

    private Hello hello() {
        Hello.Builder hello =
                Hello.newBuilder()
                        .setSiteId(FarSites.id(number))
                        .setName(FarSites.name(number))
                        .setSoftware("bench")
                        .setRequest(request)
                        .setType(SiteKind.SITE_KIND_BRANCH);
        for (int link = 0; link < ends.size(); link++) {
            hello.addLinks(
                    HelloLink.newBuilder()
                            .setIndex(link)
                            .setName("wan" + link)
                            .setPrecedence(1)
                            .setEnabled(true)
                            .setMtu(1500));
        }
        return hello.build();
    }

    private LinkReport report() {
        LinkReport.Builder report = LinkReport.newBuilder();
        for (int link = 0; link < ends.size(); link++) {
            report.addLinks(
                    LinkObservation.newBuilder()
                            .setIndex(link)
                            .setLocal(WireAddress.endpoint(ends.get(link)))
                            .setMapping(MappingKind.MAPPING_OPEN));
        }
        return report.build();
    }

    @Override
    public void onFrame(Frame frame) {
        tally.bytes.addAndGet(frame.getSerializedSize());
        tally.frames.incrementAndGet();
        switch (frame.getBodyCase()) {
            case DIRECTORY -> {
                for (SiteEntry entry : frame.getDirectory().getSitesList()) {
                    attached.put(entry.getId(), entry.getAttached());
                }
            }
            case PRESENCE ->
                    attached.put(
                            frame.getPresence().getSiteId(), frame.getPresence().getAttached());
            case ROUTES -> {
                if (frame.getRoutes().getPart().getLast()) {
                    routes.add(frame.getRoutes().getSiteId());
                }
            }
            case END_OF_STATE -> hasEnded |= frame.getEndOfState().getRequest() == request;
            default -> {}
        }
        boolean isComplete =
                hasEnded
                        && routes.size() == siteCount - 1
                        && attached.size() == siteCount
                        && !attached.containsValue(false);
        if (isComplete && completeNs == 0) {
            completeNs = System.nanoTime();
        }
    }

    @Override
    public void onDisconnected(String reason) {
        forget();
    }

    private void forget() {
        attached.clear();
        routes.clear();
        hasEnded = false;
        completeNs = 0;
    }

    @Override
    public void close() {
        client.close();
    }
}
