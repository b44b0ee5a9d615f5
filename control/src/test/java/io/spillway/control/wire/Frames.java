package io.spillway.control.wire;

import com.google.protobuf.ByteString;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** One valid frame of every kind, and who sends it. */
final class Frames {
    private Frames() {}

    static Map<Frame, WireSender> all() {
        Map<Frame, WireSender> frames = new LinkedHashMap<>();
        site(frames);
        pop(frames);
        LivePiece.Builder piece =
                LivePiece.newBuilder()
                        .setGeneration(1)
                        .setCount(2)
                        .setNumber(1)
                        .setContent(bytes(9));
        frames.put(Frame.newBuilder().setLivePiece(piece).build(), WireSender.NEIGHBOUR);
        Enrol enrol = Enrol.newBuilder().setToken("t").setCsr(bytes(300)).build();
        frames.put(Frame.newBuilder().setEnrol(enrol).build(), WireSender.NEWCOMER);
        return frames;
    }

    private static void site(Map<Frame, WireSender> frames) {
        WireSender site = WireSender.SITE;
        frames.put(Frame.newBuilder().setHello(hello()).build(), site);
        frames.put(
                Frame.newBuilder().setStateRequest(StateRequest.newBuilder().setRequest(2)).build(),
                site);
        RouteAdvert.Builder advert = RouteAdvert.newBuilder().setPart(part());
        frames.put(Frame.newBuilder().setRouteAdvert(advert).build(), site);
        RouteRequest.Builder again = RouteRequest.newBuilder().setSiteId(7);
        frames.put(Frame.newBuilder().setRouteRequest(again).build(), site);
        ReadinessEntry entry =
                ReadinessEntry.newBuilder()
                        .setKind(ReadinessKind.READINESS_PARTIAL)
                        .setConnected(1)
                        .setExpected(2)
                        .setReason("KEEPALIVE_LOST")
                        .build();
        ReadinessReport report =
                ReadinessReport.newBuilder()
                        .setTimeMs(1)
                        .setSite(entry)
                        .addLinks(LinkReadiness.newBuilder().setLink(3).setReadiness(entry))
                        .addPeers(PeerReadinessEntry.newBuilder().setSiteId(-1).addReasons("X"))
                        .build();
        frames.put(Frame.newBuilder().setReadinessReport(report).build(), site);
        EventMessage event =
                EventMessage.newBuilder()
                        .setId("1-a-1")
                        .setTimeMs(1_800_000_000_000L)
                        .setType("Connectivity")
                        .setSubType("Off-Cloud Recovery")
                        .setMessage("m")
                        .putFields("src_site_id", "1")
                        .build();
        frames.put(
                Frame.newBuilder()
                        .setEventUpload(EventUpload.newBuilder().addEvents(event))
                        .build(),
                site);
        frames.put(
                Frame.newBuilder().setHeardPeers(HeardPeers.newBuilder().addSiteIds(-1)).build(),
                site);
        LinkObservation observation =
                LinkObservation.newBuilder()
                        .setIndex(1)
                        .setLocal(WireAddress.endpoint(new InetSocketAddress("10.0.0.2", 20060)))
                        .setMapping(MappingKind.MAPPING_STABLE)
                        .build();
        LinkReport links = LinkReport.newBuilder().addLinks(observation).build();
        frames.put(Frame.newBuilder().setLinkReport(links).build(), site);
        PunchRequest request = PunchRequest.newBuilder().setSiteId(7).setRemoteLink(3).build();
        frames.put(Frame.newBuilder().setPunchRequest(request).build(), site);
        Renew renew = Renew.newBuilder().setCsr(bytes(300)).build();
        frames.put(Frame.newBuilder().setRenew(renew).build(), site);
        frames.put(Frame.newBuilder().setPing(Ping.newBuilder().setSequence(1)).build(), site);
    }

    private static void pop(Map<Frame, WireSender> frames) {
        WireSender pop = WireSender.POP;
        Welcome welcome =
                Welcome.newBuilder()
                        .setPopName("frankfurt")
                        .setGeneration(9)
                        .setInternetAddress(ByteString.copyFrom(new byte[] {-64, 0, 2, 9}))
                        .build();
        frames.put(Frame.newBuilder().setWelcome(welcome).build(), pop);
        SiteEntry site =
                SiteEntry.newBuilder()
                        .setId(-1)
                        .setName("berlin")
                        .setAttached(true)
                        .setRecoveryEnabled(true)
                        .addLinks(link(0, "203.0.113.1"))
                        .addLinks(link(1, "2001:db8::1"))
                        .build();
        Directory directory = Directory.newBuilder().setGeneration(9).addSites(site).build();
        frames.put(Frame.newBuilder().setDirectory(directory).build(), pop);
        Routes routes = Routes.newBuilder().setSiteId(7).setPart(part()).build();
        frames.put(Frame.newBuilder().setRoutes(routes).build(), pop);
        frames.put(Frame.newBuilder().setPresence(Presence.newBuilder().setSiteId(7)).build(), pop);
        frames.put(
                Frame.newBuilder().setEndOfState(EndOfState.newBuilder().setRequest(1)).build(),
                pop);
        frames.put(Frame.newBuilder().setClock(Clock.newBuilder().setTimeMs(1)).build(), pop);
        frames.put(Frame.newBuilder().setEventAck(EventAck.newBuilder().addIds("1")).build(), pop);
        frames.put(
                Frame.newBuilder()
                        .setRevocations(Revocations.newBuilder().setCrl(bytes(9)))
                        .build(),
                pop);
        frames.put(
                Frame.newBuilder()
                        .setAuthorities(Authorities.newBuilder().addCertificates(bytes(9)))
                        .build(),
                pop);
        PunchOrder order =
                PunchOrder.newBuilder()
                        .setId(-1)
                        .setKey(bytes(32))
                        .setSiteId(7)
                        .setOutside(WireAddress.endpoint(new InetSocketAddress("192.0.2.1", 1)))
                        .build();
        frames.put(Frame.newBuilder().setPunchOrder(order).build(), pop);
        frames.put(Frame.newBuilder().setLeave(Leave.getDefaultInstance()).build(), pop);
        node(frames, site, order);
        frames.put(Frame.newBuilder().setPong(Pong.newBuilder().setSequence(1)).build(), pop);
        EnrolReply reply =
                EnrolReply.newBuilder().setCertificate(bytes(9)).setAuthority(bytes(9)).build();
        frames.put(Frame.newBuilder().setEnrolReply(reply).build(), pop);
        RenewReply renewed = RenewReply.newBuilder().setCertificate(bytes(9)).build();
        frames.put(Frame.newBuilder().setRenewReply(renewed).build(), pop);
    }

    private static void node(Map<Frame, WireSender> frames, SiteEntry site, PunchOrder order) {
        WireSender node = WireSender.NODE;
        NodeSite said = NodeSite.newBuilder().setSite(site).setStamp(1).setAdvertised(true).build();
        frames.put(Frame.newBuilder().setNodeSite(said).build(), node);
        Routes.Builder routes = Routes.newBuilder().setSiteId(7).setPart(part());
        frames.put(Frame.newBuilder().setNodeRoutes(routes).build(), node);
        frames.put(Frame.newBuilder().setNodeSynced(NodeSynced.getDefaultInstance()).build(), node);
        NodeOrder relayed = NodeOrder.newBuilder().setSiteId(7).setOrder(order).build();
        frames.put(Frame.newBuilder().setNodeOrder(relayed).build(), node);
        NodeForget forget = NodeForget.newBuilder().setSiteId(7).build();
        frames.put(Frame.newBuilder().setNodeForget(forget).build(), node);
    }

    static RoutePart part() {
        return RoutePart.newBuilder()
                .setGeneration(2)
                .setBase(1)
                .setNumber(3)
                .setLast(true)
                .setWithdrawn(prefixes("10.0.0.0/8"))
                .setAnnounced(prefixes("0.0.0.0/0", "10.1.0.0/16", "10.1.0.0/17", "fd00:1::/65"))
                .build();
    }

    static Prefixes prefixes(String... texts) {
        return Nlri.encode(PrefixSet.of(Stream.of(texts).map(Prefix::parse).toList()));
    }

    static Hello hello() {
        HelloLink link =
                HelloLink.newBuilder()
                        .setIndex(0)
                        .setName("wan1")
                        .setPrecedence(1)
                        .setEnabled(true)
                        .setMtu(1500)
                        .build();
        return Hello.newBuilder()
                .setSiteId(-1)
                .setName("berlin")
                .addLinks(link)
                .setSoftware("0.1.0")
                .setRequest(1)
                .build();
    }

    private static LinkEntry link(int index, String address) {
        return LinkEntry.newBuilder()
                .setIndex(index)
                .setName("wan" + index)
                .setPrecedence(2)
                .setEnabled(true)
                .setObserved(WireAddress.endpoint(new InetSocketAddress(address, 65535)))
                .build();
    }

    private static ByteString bytes(int length) {
        return ByteString.copyFrom(new byte[length]);
    }
}
