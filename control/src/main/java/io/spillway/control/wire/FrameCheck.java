package io.spillway.control.wire;

import static io.spillway.control.wire.FieldCheck.LINKS_MAX;
import static io.spillway.control.wire.FieldCheck.NAME_LENGTH_MAX;
import static io.spillway.control.wire.FieldCheck.TEXT_LENGTH_MAX;
import static io.spillway.control.wire.FieldCheck.bytes;
import static io.spillway.control.wire.FieldCheck.count;
import static io.spillway.control.wire.FieldCheck.name;
import static io.spillway.control.wire.FieldCheck.require;
import static io.spillway.control.wire.FieldCheck.siteId;
import static io.spillway.control.wire.FieldCheck.text;

import com.google.protobuf.ByteString;
import io.spillway.routing.rib.Rib;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a frame must fulfil beyond being Protocol Buffers: one short check per message. */
final class FrameCheck {
    static final int SITES_MAX = 4096;
    static final int EVENTS_MAX = 256;
    static final int EVENT_FIELDS_MAX = 64;
    static final int REASONS_MAX = 32;
    static final int TOKEN_LENGTH_MAX = 512;
    static final int CSR_LENGTH_MAX = 16 * 1024;
    static final int CERTIFICATE_LENGTH_MAX = 16 * 1024;
    static final int AUTHORITIES_MAX = 16;
    static final int CRL_LENGTH_MAX = 512 * 1024;
    static final int PUNCH_KEY_LENGTH = 32;
    static final int IPV4_LENGTH = 4;
    static final int SAVED_ROUTES_LENGTH_MAX = 17 * Rib.LIMIT_DEFAULT;

    /** The year 9999: later is a broken clock, and would not print. */
    static final long TIME_MS_MAX = 253_402_300_799_999L;

    private FrameCheck() {}

    static void check(Frame frame) throws WireException {
        switch (frame.getBodyCase()) {
            case HELLO -> hello(frame.getHello());
            case STATE_REQUEST -> request(frame.getStateRequest().getRequest());
            case ROUTE_ADVERT -> routePart(frame.getRouteAdvert().getPart());
            case ROUTE_REQUEST -> siteId(frame.getRouteRequest().getSiteId());
            case READINESS_REPORT -> readinessReport(frame.getReadinessReport());
            case EVENT_UPLOAD -> eventUpload(frame.getEventUpload());
            case HEARD_PEERS -> siteIds(frame.getHeardPeers().getSiteIdsList());
            case LINK_REPORT -> linkReport(frame.getLinkReport());
            case PUNCH_REQUEST -> punchRequest(frame.getPunchRequest());
            case PUNCH_ORDER -> punchOrder(frame.getPunchOrder());
            case NODE_SITE -> nodeSite(frame.getNodeSite());
            case NODE_ORDER -> nodeOrder(frame.getNodeOrder());
            case NODE_FORGET -> siteId(frame.getNodeForget().getSiteId());
            case NODE_ROUTES -> routes(frame.getNodeRoutes());
            case WELCOME -> welcome(frame.getWelcome());
            case DIRECTORY -> directory(frame.getDirectory());
            case ROUTES -> routes(frame.getRoutes());
            case PRESENCE -> siteId(frame.getPresence().getSiteId());
            case END_OF_STATE -> request(frame.getEndOfState().getRequest());
            case CLOCK -> time(frame.getClock().getTimeMs());
            case EVENT_ACK -> eventIds(frame.getEventAck().getIdsList());
            case REVOCATIONS -> bytes("CRL", frame.getRevocations().getCrl(), CRL_LENGTH_MAX);
            case AUTHORITIES -> authorities(frame.getAuthorities().getCertificatesList());
            case LIVE_PIECE -> livePiece(frame.getLivePiece());
            case ENROL -> enrol(frame.getEnrol());
            case ENROL_REPLY -> enrolReply(frame.getEnrolReply());
            case RENEW -> csr(frame.getRenew().getCsr());
            case RENEW_REPLY -> renewReply(frame.getRenewReply());
            case LEAVE, NODE_SYNCED, PING, PONG -> {}
            case BODY_NOT_SET -> throw new WireException("frame without a body");
        }
    }

    private static void hello(Hello hello) throws WireException {
        siteId(hello.getSiteId());
        name("site name", hello.getName());
        text("software", hello.getSoftware(), NAME_LENGTH_MAX);
        siteKind(hello.getType());
        request(hello.getRequest());
        count("links", hello.getLinksCount(), LINKS_MAX);
        Set<Integer> seen = new HashSet<>();
        for (HelloLink link : hello.getLinksList()) {
            FieldCheck.link(link.getIndex(), link.getName(), link.getPrecedence());
            FieldCheck.mtu(link.getMtu());
            role(link.getRole());
            if (link.hasFixed()) {
                FieldCheck.endpoint(link.getFixed());
            }
            require(seen.add(link.getIndex()), "link index " + link.getIndex() + " twice");
        }
    }

    static void directory(Directory directory) throws WireException {
        count("sites", directory.getSitesCount(), SITES_MAX);
        Set<Long> seen = new HashSet<>();
        for (SiteEntry site : directory.getSitesList()) {
            site(site);
            require(seen.add(site.getId()), "site " + idText(site.getId()) + " twice");
        }
    }

    private static void site(SiteEntry site) throws WireException {
        siteId(site.getId());
        name("site name", site.getName());
        siteKind(site.getType());
        require(site.getScope() != Scope.UNRECOGNIZED, "scope unknown");
        count("links", site.getLinksCount(), LINKS_MAX);
        Set<Integer> seen = new HashSet<>();
        for (LinkEntry link : site.getLinksList()) {
            FieldCheck.link(link.getIndex(), link.getName(), link.getPrecedence());
            require(seen.add(link.getIndex()), "link index " + link.getIndex() + " twice");
            role(link.getRole());
            linkEndpoints(link);
        }
    }

    private static void linkEndpoints(LinkEntry link) throws WireException {
        mapping(link.getMapping());
        if (link.hasObserved()) {
            FieldCheck.endpoint(link.getObserved());
        }
        if (link.hasFixed()) {
            FieldCheck.endpoint(link.getFixed());
        }
        if (link.hasLocal()) {
            FieldCheck.endpoint(link.getLocal());
        }
    }

    private static void linkReport(LinkReport report) throws WireException {
        count("links", report.getLinksCount(), LINKS_MAX);
        for (LinkObservation link : report.getLinksList()) {
            FieldCheck.linkIndex(link.getIndex());
            mapping(link.getMapping());
            if (link.hasLocal()) {
                FieldCheck.endpoint(link.getLocal());
            }
        }
    }

    private static void punchRequest(PunchRequest request) throws WireException {
        siteId(request.getSiteId());
        FieldCheck.linkIndex(request.getLocalLink());
        FieldCheck.linkIndex(request.getRemoteLink());
    }

    private static void punchOrder(PunchOrder order) throws WireException {
        require(order.getId() != 0, "punch ID is 0");
        int length = order.getKey().size();
        require(length == PUNCH_KEY_LENGTH, "punch key of " + length + " bytes");
        siteId(order.getSiteId());
        FieldCheck.linkIndex(order.getLocalLink());
        FieldCheck.linkIndex(order.getRemoteLink());
        FieldCheck.endpoint(order.getOutside());
        if (order.hasLocal()) {
            FieldCheck.endpoint(order.getLocal());
        }
    }

    private static void nodeSite(NodeSite node) throws WireException {
        site(node.getSite());
        require(node.getStamp() >= 0, "stamp " + Long.toUnsignedString(node.getStamp()));
        boolean isStamped = node.getStamp() != 0;
        require(isStamped == node.getSite().getAttached(), "attached without a stamp, or not so");
        int length = node.getCertificate().size();
        require(length <= CERTIFICATE_LENGTH_MAX, "certificate of " + length + " bytes");
    }

    private static void nodeOrder(NodeOrder order) throws WireException {
        siteId(order.getSiteId());
        punchOrder(order.getOrder());
    }

    private static void livePiece(LivePiece piece) throws WireException {
        require(piece.getGeneration() != 0, "generation of a statement is 0");
        boolean isOne = Integer.compareUnsigned(piece.getNumber(), piece.getCount()) < 0;
        require(isOne, "piece " + Integer.toUnsignedString(piece.getNumber()));
        require(!piece.getContent().isEmpty(), "piece is empty");
        bytes("piece", piece.getContent(), LiveStatements.PIECE_LENGTH_MAX);
    }

    static void liveStatement(LiveStatement statement) throws WireException {
        name("account", statement.getAccount());
        siteId(statement.getSiteId());
        require(statement.getGeneration() > 0, "generation of a statement is not positive");
        Nlri.check(statement.getWithdrawn());
        Nlri.check(statement.getAnnounced());
        require(!statement.getCertificate().isEmpty(), "certificate is empty");
        bytes("certificate", statement.getCertificate(), LiveStatements.CERTIFICATE_LENGTH_MAX);
    }

    private static void mapping(MappingKind kind) throws WireException {
        require(kind != MappingKind.UNRECOGNIZED, "NAT mapping unknown");
    }

    private static void role(LinkKind kind) throws WireException {
        require(kind != LinkKind.UNRECOGNIZED, "link role unknown");
    }

    private static void readinessReport(ReadinessReport report) throws WireException {
        time(report.getTimeMs());
        readiness(report.getSite());
        count("links", report.getLinksCount(), LINKS_MAX);
        for (LinkReadiness link : report.getLinksList()) {
            FieldCheck.linkIndex(link.getLink());
            readiness(link.getReadiness());
        }
        count("peers", report.getPeersCount(), SITES_MAX);
        for (PeerReadinessEntry peer : report.getPeersList()) {
            siteId(peer.getSiteId());
            count("reasons", peer.getReasonsCount(), REASONS_MAX);
            for (String reason : peer.getReasonsList()) {
                name("reason", reason);
            }
        }
    }

    private static void readiness(ReadinessEntry entry) throws WireException {
        boolean known = entry.getKind() != ReadinessKind.UNRECOGNIZED;
        require(known && entry.getKind() != ReadinessKind.READINESS_UNKNOWN, "readiness unknown");
        boolean bounded = Integer.compareUnsigned(entry.getExpected(), SITES_MAX) <= 0;
        require(bounded, "more expected sites than an account has");
        int order = Integer.compareUnsigned(entry.getConnected(), entry.getExpected());
        require(order <= 0, "more connected than expected sites");
        text("reason", entry.getReason(), NAME_LENGTH_MAX);
    }

    private static void eventUpload(EventUpload upload) throws WireException {
        count("events", upload.getEventsCount(), EVENTS_MAX);
        for (EventMessage event : upload.getEventsList()) {
            event(event);
        }
    }

    /** Also the rule for what the journal takes, so that no event is kept that cannot travel. */
    static void event(EventMessage event) throws WireException {
        name("event ID", event.getId());
        time(event.getTimeMs());
        name("event type", event.getType());
        name("event sub-type", event.getSubType());
        text("event message", event.getMessage(), TEXT_LENGTH_MAX);
        count("event fields", event.getFieldsCount(), EVENT_FIELDS_MAX);
        for (Map.Entry<String, String> field : event.getFieldsMap().entrySet()) {
            name("event field", field.getKey());
            text(field.getKey(), field.getValue(), TEXT_LENGTH_MAX);
        }
    }

    private static void eventIds(List<String> ids) throws WireException {
        count("event IDs", ids.size(), EVENTS_MAX);
        for (String id : ids) {
            name("event ID", id);
        }
    }

    private static void siteIds(List<Long> ids) throws WireException {
        count("sites", ids.size(), SITES_MAX);
        for (long id : ids) {
            siteId(id);
        }
    }

    private static void welcome(Welcome welcome) throws WireException {
        require(welcome.getRefusal() != Refusal.UNRECOGNIZED, "refusal unknown");
        text("detail", welcome.getDetail(), TEXT_LENGTH_MAX);
        text("PoP name", welcome.getPopName(), NAME_LENGTH_MAX);
        int length = welcome.getInternetAddress().size();
        require(length == 0 || length == IPV4_LENGTH, "Internet address of " + length + " bytes");
    }

    private static void routes(Routes routes) throws WireException {
        siteId(routes.getSiteId());
        routePart(routes.getPart());
    }

    private static void routePart(RoutePart part) throws WireException {
        require(part.getGeneration() != 0, "generation of routes is 0");
        require(part.getNumber() >= 0, "part " + Integer.toUnsignedString(part.getNumber()));
        long length = lengthOf(part.getWithdrawn()) + lengthOf(part.getAnnounced());
        boolean isBounded = length <= WireCodec.ROUTE_PART_LENGTH_MAX;
        require(isBounded, "prefixes of " + length + " bytes in one part");
        boolean isFromNothing = part.getBase() == 0;
        boolean isWithdrawing = lengthOf(part.getWithdrawn()) > 0;
        require(!isFromNothing || !isWithdrawing, "withdrawn from nothing");
        Nlri.check(part.getWithdrawn());
        Nlri.check(part.getAnnounced());
    }

    private static long lengthOf(Prefixes prefixes) {
        return (long) prefixes.getIpv4().size() + prefixes.getIpv6().size();
    }

    static void savedRoutes(SavedRoutes routes) throws WireException {
        siteId(routes.getSiteId());
        long length = lengthOf(routes.getPrefixes());
        require(length <= SAVED_ROUTES_LENGTH_MAX, "prefixes of " + length + " bytes");
        Nlri.check(routes.getPrefixes());
    }

    private static void authorities(List<ByteString> certificates) throws WireException {
        require(!certificates.isEmpty(), "no authority");
        count("authorities", certificates.size(), AUTHORITIES_MAX);
        for (ByteString certificate : certificates) {
            bytes("authority", certificate, CERTIFICATE_LENGTH_MAX);
        }
    }

    private static void enrol(Enrol enrol) throws WireException {
        require(!enrol.getToken().isEmpty(), "token is empty");
        text("token", enrol.getToken(), TOKEN_LENGTH_MAX);
        csr(enrol.getCsr());
    }

    private static void csr(ByteString csr) throws WireException {
        require(!csr.isEmpty(), "certificate request is empty");
        bytes("certificate request", csr, CSR_LENGTH_MAX);
    }

    private static void renewReply(RenewReply reply) throws WireException {
        text("error", reply.getError(), TEXT_LENGTH_MAX);
        bytes("certificate", reply.getCertificate(), CERTIFICATE_LENGTH_MAX);
        boolean isAnswer = !reply.getCertificate().isEmpty() || !reply.getError().isEmpty();
        require(isAnswer, "neither certificate nor error");
    }

    private static void enrolReply(EnrolReply reply) throws WireException {
        text("error", reply.getError(), TEXT_LENGTH_MAX);
        bytes("certificate", reply.getCertificate(), CERTIFICATE_LENGTH_MAX);
        bytes("authority", reply.getAuthority(), CERTIFICATE_LENGTH_MAX);
        bytes("CRL", reply.getCrl(), CRL_LENGTH_MAX);
        boolean whole = !reply.getCertificate().isEmpty() && !reply.getAuthority().isEmpty();
        require(whole || !reply.getError().isEmpty(), "neither certificate nor error");
    }

    private static void siteKind(SiteKind kind) throws WireException {
        require(kind != SiteKind.UNRECOGNIZED, "site type unknown");
    }

    private static void request(long request) throws WireException {
        require(request > 0, "request number " + Long.toUnsignedString(request));
    }

    static void time(long timeMs) throws WireException {
        require(timeMs > 0 && timeMs <= TIME_MS_MAX, "time " + Long.toUnsignedString(timeMs));
    }

    private static String idText(long siteId) {
        return Long.toUnsignedString(siteId);
    }
}
