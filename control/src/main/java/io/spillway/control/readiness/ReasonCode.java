package io.spillway.control.readiness;

/**
 * Why a peer does not count as connected, or a site or link is not measured (REQUIREMENTS 4.2). In
 * the order in which to mend (R075): a smaller ordinal comes first.
 */
public enum ReasonCode {
    // not measured
    NO_PEER(Step.NONE, Side.NEITHER, "No other site with an Appliance takes part. Nothing to do."),
    SPOKE_WITHOUT_HUB(Step.NONE, Side.NEITHER, "Designate a hub for this spoke."),
    OTHER_SPOKE(Step.NONE, Side.NEITHER, "Spokes recover to hubs only. Nothing to do."),
    NO_APPLIANCE(
            Step.NONE,
            Side.REMOTE,
            "A site without an Appliance cannot recover. Give it two PoPs, or an Appliance."),
    RECOVERY_DISABLED_SITE(
            Step.NONE, Side.EITHER, "Switch recovery on for this site or the account."),
    OFFCLOUD_DISABLED_LINK(Step.NONE, Side.EITHER, "Enable off-cloud traffic on this WAN link."),
    OFFCLOUD_LINK_LIMIT(
            Step.NONE, Side.LOCAL, "More links than offCloud.maxLinks: raise it to use this one."),
    REGION_POLICY(Step.NONE, Side.NEITHER, "The region's policy keeps these sites apart."),

    // 1 link settings, IP, link up
    IF_LINK_DOWN(Step.LINK, Side.LOCAL, "Plug in or replace the cable or modem of the WAN link."),
    IF_NO_ADDRESS(
            Step.LINK, Side.LOCAL, "Give the WAN link an address: check DHCP or the static one."),
    IF_NO_INTERNET(Step.LINK, Side.LOCAL, "Check the gateway and the provider of the WAN link."),

    // 2 tunnel establishment
    NOT_CONNECTED_TO_POP(
            Step.TUNNEL,
            Side.LOCAL,
            "Let the Appliance reach the PoP: its UDP tunnelPort and its TCP channelPort."),
    CLOCK_SKEW(Step.TUNNEL, Side.EITHER, "Set the clock: certificates seem not to be valid yet."),
    CERT_EXPIRED(Step.TUNNEL, Side.EITHER, "Have the authority issue a new certificate."),
    HANDSHAKE_FAILED(
            Step.TUNNEL, Side.EITHER, "Compare certificates, account and cipher suites of both."),
    HANDSHAKE_TIMEOUT(
            Step.TUNNEL, Side.EITHER, "Nothing answers the handshake: check the path both ways."),
    REMOTE_NOT_READY(
            Step.TUNNEL, Side.REMOTE, "Look at the other site: it has no WAN link that is ready."),

    // 3 local network: firewall, NAT and port limits, routing
    NO_MAPPED_ADDRESS(
            Step.NETWORK,
            Side.REMOTE,
            "The PoP has not seen the other site's link: let it reach the PoP over that link."),
    PROBE_SENT_NONE_RECEIVED(
            Step.NETWORK, Side.EITHER, "Allow inbound UDP from the other site in the firewall."),
    PROBE_RECEIVED_REPLY_LOST(
            Step.NETWORK, Side.EITHER, "Allow outbound UDP to the other site in the firewall."),
    KEEPALIVE_LOST(
            Step.NETWORK, Side.EITHER, "The tunnel worked and fell silent: check NAT and path."),
    STALE_PROOF(Step.NETWORK, Side.EITHER, "The last proof is too old: wait for the next one."),
    MTU_BLACKHOLE(
            Step.NETWORK, Side.EITHER, "Large packets vanish: let ICMP pass or lower the MTU."),
    ROUTE_MISSING(Step.NETWORK, Side.EITHER, "Announce the networks of the site."),
    FIREWALL_BLOCKS_PROBE(Step.NETWORK, Side.EITHER, "Let the proof packet pass the rules."),
    SAME_NAT(Step.NETWORK, Side.EITHER, "Both sites share one public address: allow hairpinning."),

    // 4 static addresses on key sites
    MAPPING_CHANGES_PER_DESTINATION(
            Step.STATIC_ADDRESS,
            Side.EITHER,
            "NAT maps each destination anew: give one of the sites a static IP and port."),
    STATIC_PORT_NOT_FORWARDED(
            Step.STATIC_ADDRESS, Side.EITHER, "Forward the static port to the Appliance.");

    /** Of the remedy, in the order of R075. */
    public enum Step {
        NONE,
        LINK,
        TUNNEL,
        NETWORK,
        STATIC_ADDRESS
    }

    /** Where the fault is, as far as the code alone can tell. */
    public enum Side {
        NEITHER,
        LOCAL,
        REMOTE,
        EITHER
    }

    private final Step step;
    private final Side side;
    private final String remedy;

    ReasonCode(Step step, Side side, String remedy) {
        this.step = step;
        this.side = side;
        this.remedy = remedy;
    }

    public Step step() {
        return step;
    }

    public Side side() {
        return side;
    }

    /** One sentence for people. */
    public String remedy() {
        return remedy;
    }
}
