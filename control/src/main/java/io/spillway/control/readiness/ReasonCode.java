package io.spillway.control.readiness;

/**
 * Why a peer does not count as connected, or a site or link is not measured (REQUIREMENTS 4.2). In
 * the order in which to mend (R075): a smaller ordinal comes first.
 */
public enum ReasonCode {
    // not measured
    NO_PEER(
            Step.NONE,
            Side.NEITHER,
            "There is no other site to recover to.",
            "No other site with an Appliance takes part. Nothing to do."),
    SPOKE_WITHOUT_HUB(
            Step.NONE, Side.NEITHER, "This spoke has no hub.", "Designate a hub for this spoke."),
    OTHER_SPOKE(
            Step.NONE,
            Side.NEITHER,
            "The other site is a spoke, as this one.",
            "Spokes recover to hubs only. Nothing to do."),
    NO_APPLIANCE(
            Step.NONE,
            Side.REMOTE,
            "The site has no Appliance: it is not recoverable.",
            "A site without an Appliance cannot recover. Give it two PoPs, or an Appliance."),
    RECOVERY_DISABLED_SITE(
            Step.NONE,
            Side.EITHER,
            "Recovery is off for the site.",
            "Switch recovery on for this site or the account."),
    OFFCLOUD_DISABLED_LINK(
            Step.NONE,
            Side.EITHER,
            "Off-cloud traffic is off for the WAN link.",
            "Enable off-cloud traffic on this WAN link."),
    OFFCLOUD_LINK_LIMIT(
            Step.NONE,
            Side.LOCAL,
            "The site has more WAN links than offCloud.maxLinks.",
            "Raise offCloud.maxLinks to use this WAN link too."),
    REGION_POLICY(
            Step.NONE,
            Side.NEITHER,
            "The sites are in regions that are kept apart.",
            "The region's policy keeps these sites apart."),

    // 1 link settings, IP, link up
    IF_LINK_DOWN(
            Step.LINK,
            Side.LOCAL,
            "The WAN link is down.",
            "Plug in or replace the cable or modem of the WAN link."),
    IF_NO_ADDRESS(
            Step.LINK,
            Side.LOCAL,
            "The WAN link has no IP address.",
            "Give the WAN link an address: check DHCP or the static one."),
    IF_NO_INTERNET(
            Step.LINK,
            Side.LOCAL,
            "Nothing is reached over the WAN link.",
            "Check the gateway and the provider of the WAN link."),

    // 2 tunnel establishment
    NOT_CONNECTED_TO_POP(
            Step.TUNNEL,
            Side.LOCAL,
            "No PoP is there to find a way to the other site.",
            "Let the Appliance reach the PoP: its UDP tunnelPort and its TCP channelPort."),
    CLOCK_SKEW(
            Step.TUNNEL,
            Side.EITHER,
            "One site's clock does not fit the other's certificate.",
            "Set the clock, or have a certificate issued that is valid now."),
    CERT_EXPIRED(
            Step.TUNNEL,
            Side.EITHER,
            "A certificate has expired.",
            "Have the authority issue a new certificate."),
    HANDSHAKE_FAILED(
            Step.TUNNEL,
            Side.EITHER,
            "The two ends refuse each other.",
            "Compare certificates, account and cipher suites of both."),
    HANDSHAKE_TIMEOUT(
            Step.TUNNEL,
            Side.EITHER,
            "A way is there, but the handshake gets no answer.",
            "Nothing answers the handshake: check the path both ways."),
    REMOTE_NOT_READY(
            Step.TUNNEL,
            Side.REMOTE,
            "The other site is not at the PoP and does not answer.",
            "Look at the other site: its power, its WAN links, its way to the PoP."),

    // 3 local network: firewall, NAT and port limits, routing
    NO_MAPPED_ADDRESS(
            Step.NETWORK,
            Side.EITHER,
            "The PoP does not know where a WAN link can be reached.",
            "Let the WAN link reach the PoP over UDP."),
    PROBE_SENT_NONE_RECEIVED(
            Step.NETWORK,
            Side.EITHER,
            "Probes go out, nothing of the other site comes in.",
            "Allow inbound UDP from the other site in the firewall."),
    PROBE_RECEIVED_REPLY_LOST(
            Step.NETWORK,
            Side.EITHER,
            "Probes of the other site come in, answers do not arrive there.",
            "Allow outbound UDP to the other site in the firewall."),
    KEEPALIVE_LOST(
            Step.NETWORK,
            Side.EITHER,
            "The tunnel worked and fell silent.",
            "The tunnel worked and fell silent: check NAT and path."),
    STALE_PROOF(
            Step.NETWORK,
            Side.EITHER,
            "The last full-size proof is too old.",
            "Wait for the next proof; if it stays, look at the path between the two."),
    MTU_BLACKHOLE(
            Step.NETWORK,
            Side.EITHER,
            "Small packets pass, large ones vanish.",
            "Large packets vanish: let ICMP pass or lower the MTU."),
    ROUTE_MISSING(
            Step.NETWORK,
            Side.EITHER,
            "No route leads to a network of the other site, or none back.",
            "Announce the networks of both sites; none may be announced by two."),
    FIREWALL_BLOCKS_PROBE(
            Step.NETWORK,
            Side.EITHER,
            "The tunnel lives, but a filter stops what hosts would send.",
            "Let all datagrams of the tunnel pass the firewalls on the way."),
    SAME_NAT(
            Step.NETWORK,
            Side.LOCAL,
            "Both sites are behind one router that leads neither to the other.",
            "Both sites share one public address: allow hairpinning."),

    // 4 static addresses on key sites
    MAPPING_CHANGES_PER_DESTINATION(
            Step.STATIC_ADDRESS,
            Side.EITHER,
            "A NAT uses another port for each destination.",
            "NAT maps each destination anew: give one of the sites a static IP and port."),
    STATIC_PORT_NOT_FORWARDED(
            Step.STATIC_ADDRESS,
            Side.EITHER,
            "The static public port leads nowhere.",
            "Forward the static port to the Appliance."),

    // no fault, as far as anybody can know yet
    BEING_OPENED(
            Step.WAIT,
            Side.NEITHER,
            "The tunnel is being opened.",
            "Wait: seconds from now it stands, or what is in its way is told.");

    /** Of the remedy, in the order of R075. */
    public enum Step {
        NONE,
        LINK,
        TUNNEL,
        NETWORK,
        STATIC_ADDRESS,
        WAIT
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
    private final String text;
    private final String remedy;

    ReasonCode(Step step, Side side, String text, String remedy) {
        this.step = step;
        this.side = side;
        this.text = text;
        this.remedy = remedy;
    }

    public Step step() {
        return step;
    }

    public Side side() {
        return side;
    }

    /** What is the matter, one sentence for people. */
    public String text() {
        return text;
    }

    /** What to do about it, for people. */
    public String remedy() {
        return remedy;
    }
}
