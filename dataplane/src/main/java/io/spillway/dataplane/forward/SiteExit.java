package io.spillway.dataplane.forward;

import java.util.List;

/** How packets for one site leave: its transport's tunnels at this moment. Immutable. */
public final class SiteExit {
    private static final Tunnel[] NONE = {};

    /** Longer than a conversation is silent. */
    private static final long ANSWER_WINDOW_MAX_NS = 86_400_000_000_000L;

    /** Where there is no way. */
    public static final SiteExit NOWHERE = new SiteExit(0, List.of(), 0, false);

    private final long siteId;
    private final Tunnel[] tunnels;
    private final Tunnel[] own;
    private final Tunnel[] origins;
    private final int clampMtu;
    private final boolean isProhibited;
    private final boolean isShared;
    private final Others others;

    /**
     * What else leads there.
     *
     * @param offCloud direct tunnels through the Internet; null: none
     * @param altWan tunnels over Alt WAN; null: none
     * @param settledNs meaningful in the cloud: since then it was certain
     */
    private record Others(boolean isInCloud, SiteExit offCloud, SiteExit altWan, long settledNs) {
        private static final Others NONE = new Others(false, null, null, 0);
    }

    /**
     * @param tunnels of the transport in use; empty: the site cannot be reached
     * @param clampMtu smallest MTU among all transports the site may use now, so that a cut does
     *     not shrink a running TCP session; 0: no clamp
     * @param isProhibited no transport may be used: recovery is off at either end (D50)
     * @param isShared flows are spread over several tunnels, though there may be one at the moment
     */
    public SiteExit(
            long siteId,
            List<Tunnel> tunnels,
            int clampMtu,
            boolean isProhibited,
            boolean isShared) {
        this(siteId, tunnels.toArray(Tunnel[]::new), NONE, NONE, clampMtu, isProhibited, isShared);
    }

    private SiteExit(SiteExit from, Others others) {
        siteId = from.siteId;
        tunnels = from.tunnels;
        own = from.own;
        origins = from.origins;
        clampMtu = from.clampMtu;
        isProhibited = from.isProhibited;
        isShared = from.isShared;
        this.others = others;
    }

    private SiteExit(
            long siteId,
            Tunnel[] tunnels,
            Tunnel[] own,
            Tunnel[] origins,
            int clampMtu,
            boolean isProhibited,
            boolean isShared) {
        this.siteId = siteId;
        this.tunnels = tunnels;
        this.own = own;
        this.origins = origins;
        this.clampMtu = clampMtu;
        this.isProhibited = isProhibited;
        this.isShared = isShared;
        others = Others.NONE;
    }

    /** One that never has more than one tunnel, or whose flows need not stay where they are. */
    public SiteExit(long siteId, List<Tunnel> tunnels, int clampMtu, boolean isProhibited) {
        this(siteId, tunnels, clampMtu, isProhibited, tunnels.size() > 1);
    }

    /**
     * At a PoP node.
     *
     * @param tunnels the site's own, or the one to the node that it is attached to
     * @param own to the site itself, whether or not they are those
     * @param origins to the nodes from which its packets may come
     * @param isShared as for the constructor
     */
    public static SiteExit atPop(
            long siteId,
            List<Tunnel> tunnels,
            List<Tunnel> own,
            List<Tunnel> origins,
            boolean isShared) {
        return new SiteExit(
                siteId,
                tunnels.toArray(Tunnel[]::new),
                own.toArray(Tunnel[]::new),
                origins.toArray(Tunnel[]::new),
                0,
                false,
                isShared);
    }

    /**
     * The same of a site in the cloud, with the ways off it that rules may choose.
     *
     * @param offCloud direct tunnels through the Internet; null: none lives
     * @param altWan tunnels over Alt WAN; null: none lives
     * @param settledNs when neither end went on by the transport from before any more
     */
    public SiteExit inCloud(SiteExit offCloud, SiteExit altWan, long settledNs) {
        return new SiteExit(this, new Others(true, offCloud, altWan, settledNs));
    }

    /** The same of a site that is off the cloud, by Alt WAN. */
    public SiteExit onAltWan() {
        return new SiteExit(this, new Others(false, null, this, 0));
    }

    /** How packets leave that a rule sends by that transport; null: nothing of it lives. */
    SiteExit by(WanTransport transport) {
        return switch (transport) {
            case AUTOMATIC -> this;
            case CLOUD -> others.isInCloud && tunnels.length > 0 ? this : null;
            case OFF_CLOUD -> others.isInCloud ? others.offCloud : this;
            case ALT_WAN -> others.altWan;
            case NONE -> null;
        };
    }

    /**
     * How long an answer goes back by the tunnel of its question against the transport: what comes
     * off the cloud from a site that is in it for long comes so by a rule there, and for as long as
     * its conversation lasts.
     */
    long answerWindowNs(long nowNs) {
        long settledForNs = others.isInCloud ? nowNs - others.settledNs : 0;
        return Math.clamp(settledForNs, Router.ANSWER_WINDOW_NS, ANSWER_WINDOW_MAX_NS);
    }

    public long siteId() {
        return siteId;
    }

    boolean isProhibited() {
        return isProhibited;
    }

    int clampMtu() {
        return clampMtu;
    }

    /** Each flow is to stay on its tunnel, of which there is one at least. */
    boolean isSpread() {
        return isShared && tunnels.length > 0;
    }

    /** Those of which {@link #choose} or {@link #first} take one. */
    List<Tunnel> forNewFlows() {
        List<Tunnel> all = List.of(tunnels);
        return isSpread() ? all : all.stream().limit(1).toList();
    }

    /** Those of which {@link #chooseOwn} takes one. */
    List<Tunnel> own() {
        return List.of(own);
    }

    /** Null when there is none. */
    Tunnel first() {
        return tunnels.length == 0 ? null : tunnels[0];
    }

    /**
     * A new flow's tunnel, where there is any: the same at both ends if they have the same ones up.
     */
    Tunnel choose(int flowHash) {
        return tunnels[Math.floorMod(flowHash, tunnels.length)];
    }

    /** The one with that {@link Tunnel#index()}, or null. */
    Tunnel tunnel(int index) {
        for (Tunnel tunnel : tunnels) {
            if (tunnel.index() == index) {
                return tunnel;
            }
        }
        return null;
    }

    /** To the site itself, whatever way is in use; null when there is none. */
    Tunnel chooseOwn(int flowHash) {
        return own.length == 0 ? null : own[Math.floorMod(flowHash, own.length)];
    }

    /** Whether the site is, or was a moment ago, attached to the node at that tunnel's far end. */
    boolean mayComeBy(Tunnel node) {
        for (Tunnel origin : origins) {
            if (origin == node) {
                return true;
            }
        }
        return false;
    }
}
