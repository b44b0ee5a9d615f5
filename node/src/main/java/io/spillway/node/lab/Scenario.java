package io.spillway.node.lab;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The stories {@code spillway lab --scenario} can tell, each in a lab of its own. */
enum Scenario {
    RESTART_IN_RECOVERY(
            "restart-in-recovery",
            "An appliance is killed while every PoP is dead, and starts again from what it saved.",
            Setting.ORDINARY,
            (stage, result) -> new RestartStory(stage, 1).tell(result)),
    POWER_CUT(
            "power-cut",
            "Every appliance is killed while every PoP is dead, and all start again.",
            Setting.ORDINARY,
            (stage, result) -> new RestartStory(stage, stage.sites().size()).tell(result)),
    REJOIN(
            "rejoin",
            "The same behind a router that starts again too: a peer brings it together with others.",
            Setting.behind(NatKind.MASQUERADE, NatKind.MASQUERADE, NatKind.NONE),
            (stage, result) -> new RejoinStory(stage).tell(result)),
    BOOT_IN_1970(
            "boot-in-1970",
            "An appliance without a clock's battery starts again while every PoP is dead.",
            Setting.ORDINARY,
            (stage, result) -> new ClockStory(stage).tell(result)),
    CERT_EXPIRES_IN_RECOVERY(
            "cert-expires-in-recovery",
            "Every site's certificate ends while every PoP is dead; one appliance starts again.",
            Setting.ORDINARY,
            (stage, result) -> new ExpiryStory(stage).tell(result)),
    CERT_RENEWAL(
            "cert-renewal",
            "Every site renews its certificate; the PoP dies, one appliance starts again.",
            Setting.ORDINARY,
            (stage, result) -> new RenewalStory(stage).tell(result)),
    AUTHORITY_ROLLOVER(
            "authority-rollover",
            "A new authority takes the place of the old one; the PoP dies between, and traffic flows.",
            Setting.ORDINARY,
            (stage, result) -> new RolloverStory(stage).tell(result)),
    MASQUERADE(
            "masquerade",
            "Every site behind a NAT that keeps ports and lets in only answers.",
            Setting.behind(NatKind.MASQUERADE, NatKind.MASQUERADE, NatKind.MASQUERADE),
            (stage, result) -> new NatStory(stage).tell(result)),
    RANDOM(
            "random",
            "A NAT that maps each destination to another port, and peers that can be called.",
            Setting.behind(NatKind.RANDOM, NatKind.ENDPOINT_INDEPENDENT, NatKind.STATIC_FORWARD),
            (stage, result) -> new NatStory(stage).tell(result)),
    FULLY_RANDOM(
            "fully-random",
            "The same with the kernel's other way to choose ports, and a peer without NAT.",
            Setting.behind(NatKind.FULLY_RANDOM, NatKind.STATIC_FORWARD, NatKind.NONE),
            (stage, result) -> new NatStory(stage).tell(result)),
    STATIC_FORWARD(
            "static-forward",
            "Sites with a static public port, one of them with a peer whose ports change.",
            Setting.behind(NatKind.STATIC_FORWARD, NatKind.RANDOM, NatKind.STATIC_FORWARD),
            (stage, result) -> new NatStory(stage).tell(result)),
    RELAY(
            "relay",
            "Two sites whose NAT leaves no direct way, and a third that relays for them.",
            Setting.behind(NatKind.RANDOM, NatKind.FULLY_RANDOM, NatKind.STATIC_FORWARD),
            (stage, result) -> new NatStory(stage).tell(result)),
    DOUBLE_NAT(
            "double-nat",
            "Every site behind its own NAT and its provider's.",
            Setting.behind(NatKind.DOUBLE, NatKind.DOUBLE, NatKind.DOUBLE),
            (stage, result) -> new NatStory(stage).tell(result)),
    SAME_NAT(
            "same-nat",
            "Two sites behind one router, a third elsewhere.",
            Setting.sharing(NatKind.MASQUERADE),
            (stage, result) -> new NatStory(stage).tell(result)),
    NAT_WITHOUT_DROP(
            "nat-without-drop",
            "NATs that answer for themselves what nobody asked for, and lose the port to it.",
            Setting.behind(NatKind.WITHOUT_DROP, NatKind.WITHOUT_DROP, NatKind.WITHOUT_DROP),
            (stage, result) -> new NatStory(stage).tell(result)),
    NAT_REBOOT(
            "nat-reboot",
            "A site's router starts again, forgets all mappings and gives out other ports.",
            Setting.behind(NatKind.MASQUERADE, NatKind.MASQUERADE, NatKind.MASQUERADE),
            (stage, result) -> new MoveStory(stage, Move.NAT_REBOOT).tell(result)),
    ADDRESS_CHANGE(
            "address-change",
            "A site's provider gives it another address while traffic flows.",
            Setting.ORDINARY,
            (stage, result) -> new MoveStory(stage, Move.ADDRESS_CHANGE).tell(result)),
    HUB_SPOKE(
            "hub-spoke",
            "One hub: it and its spokes go on with each other when the PoP dies.",
            Setting.HUB_AND_SPOKE,
            (stage, result) -> new HubStory(stage).tellOfHub(result)),
    SPOKE_ISOLATION(
            "spoke-isolation",
            "Spokes do not reach each other without a cloud, and are told so.",
            Setting.HUB_AND_SPOKE,
            (stage, result) -> new HubStory(stage).tellOfSpokes(result)),
    ONE_SIDED_LOSS(
            "one-sided-loss",
            "One site's way to the PoP is lost, the others keep theirs.",
            Setting.ORDINARY,
            (stage, result) -> PathLossStory.ofOne(stage, PopTraffic.ALL).tell(result)),
    DATA_ONLY_LOSS(
            "data-only-loss",
            "No UDP passes to the PoP or from it: the tunnels die, the channels live.",
            Setting.ORDINARY,
            (stage, result) -> PathLossStory.ofAll(stage, PopTraffic.DATA).tell(result)),
    CONTROL_ONLY_LOSS(
            "control-only-loss",
            "No TCP passes to the PoP or from it: the channels die, the tunnels live.",
            Setting.ORDINARY,
            (stage, result) -> new ChannelLossStory(stage).tell(result)),
    DISABLED_SITE(
            "disabled-site",
            "Recovery is off at one site: the others go on without it when the PoP dies.",
            Setting.WITH_DISABLED_SITE,
            (stage, result) -> new DisabledSiteStory(stage).tell(result)),
    SITE_ADDED(
            "site-added",
            "A site comes to others that run with traffic, and recovers with them.",
            Setting.WITH_LATE_SITE,
            (stage, result) -> new AddedSiteStory(stage).tell(result)),
    LINK_CUT(
            "link-cut",
            "A site with two WANs loses one, in the cloud and without it, silently or not.",
            Setting.TWO_WANS,
            (stage, result) -> new LinkCutStory(stage).tell(result)),
    ALT_WAN(
            "alt-wan",
            "Sites with a private WAN lose the PoP: they go on by the private WAN.",
            Setting.WITH_ALT_WAN,
            (stage, result) -> new AltWanStory(stage, false).tell(result)),
    ALT_WAN_LOST(
            "alt-wan-lost",
            "The same, and then the private WAN is lost too: they go on by recovery.",
            Setting.WITH_ALT_WAN,
            (stage, result) -> new AltWanStory(stage, true).tell(result)),
    POP_NODE(
            "pop-node",
            "One of two nodes of the PoP dies: sites recover, then attach to the other one.",
            Setting.TWO_NODES,
            (stage, result) -> new PopNodeStory(stage).tell(result)),
    SPLIT_POP(
            "split-pop",
            "One site loses its way to its PoP and moves to another PoP: both sides talk on.",
            Setting.TWO_POPS_WITH_LATE_SITE,
            (stage, result) -> new SplitPopStory(stage).tell(result)),
    POP_DRAIN(
            "pop-drain",
            "A node of the PoP is drained and stopped: its sites move without loss.",
            Setting.TWO_NODES,
            (stage, result) -> new PopDrainStory(stage).tell(result)),
    POP_PORT(
            "pop-port",
            "No UDP passes to port 443 of the PoP: sites attach by port 1337.",
            Setting.ORDINARY,
            (stage, result) -> new PopPortStory(stage).tell(result)),
    REASONS_LINK(
            "reasons-link",
            "What one of two links can lack, and what readiness says of it.",
            Setting.TWO_WANS.proving(),
            (stage, result) -> new ReasonsStory(stage, LinkReasons::cases).tell(result)),
    REASONS_PATH(
            "reasons-path",
            "What the way between two sites can do to packets, and what readiness says of it.",
            Setting.ORDINARY.proving(),
            (stage, result) -> new ReasonsStory(stage, PathReasons::cases).tell(result)),
    REASONS_PUNCH(
            "reasons-punch",
            "What can be in the way of a site that starts, and what readiness says of it.",
            Setting.ORDINARY.proving(),
            (stage, result) -> new ReasonsStory(stage, PunchReasons::cases).tell(result)),
    REASONS_IDENTITY(
            "reasons-identity",
            "What can be wrong with a certificate, and what readiness says of it.",
            Setting.ORDINARY.proving(),
            (stage, result) -> new ReasonsStory(stage, IdentityReasons::cases).tell(result)),
    REASONS_POLICY(
            "reasons-policy",
            "What policy and other sites can lack, and what readiness says of it.",
            Setting.ORDINARY.proving(),
            (stage, result) -> new ReasonsStory(stage, PolicyReasons::cases).tell(result)),
    REASONS_NAT(
            "reasons-nat",
            "NATs without a way through, a port that leads nowhere: what readiness says of it.",
            Setting.behind(NatKind.MASQUERADE, NatKind.MASQUERADE, NatKind.STATIC_FORWARD)
                    .proving(),
            (stage, result) -> new ReasonsStory(stage, NatReasons::cases).tell(result)),
    REASONS_SAME_NAT(
            "reasons-same-nat",
            "One router before two sites that keeps them apart: what readiness says of it.",
            Setting.sharing(NatKind.MASQUERADE).proving(),
            (stage, result) -> new ReasonsStory(stage, NatReasons::ofOneNat).tell(result)),
    DRILL(
            "drill",
            "A drill finds whom recovery would not reach; later that answer is still there.",
            Setting.ORDINARY,
            (stage, result) -> new DrillStory(stage).tell(result)),
    BROKEN_PATH(
            "broken-path",
            "Ways are broken that look whole, off the cloud: nobody is said to be ready by them.",
            Setting.behind(NatKind.MASQUERADE, NatKind.MASQUERADE, NatKind.MASQUERADE).proving(),
            (stage, result) -> new BrokenPathStory(stage).tell(result)),
    RETURN_BACKOFF(
            "return-backoff",
            "Each return waits longer, up to 1024 s by a simulated clock; by hand it ends at once.",
            Setting.DEFAULT_BACKOFF,
            (stage, result) -> new ReturnBackoffStory(stage).tell(result)),
    SLOW_PATH(
            "slow-path",
            "600 ms round trip, 30 ms jitter, 3 % loss everywhere: nobody leaves the cloud.",
            Setting.ORDINARY,
            (stage, result) -> new SlowPathStory(stage).tell(result)),
    FULL_LOAD(
            "full-load",
            "As much TCP as all sites' paths carry: nobody leaves the cloud.",
            Setting.ORDINARY,
            (stage, result) -> new FullLoadStory(stage, false).tell(result)),
    FULL_LOAD_BFD(
            "full-load-bfd",
            "The same beside routers with BFD on two LANs: no session goes down either.",
            Setting.WITH_ROUTERS,
            (stage, result) -> new FullLoadStory(stage, true).tell(result)),
    REORDER_DUPLICATE(
            "reorder-duplicate",
            "Packets arrive twice and overtake each other, in the cloud and off it.",
            Setting.ORDINARY,
            (stage, result) -> new ReorderStory(stage).tell(result)),
    FLAPPING_POP(
            "flapping-pop",
            "The PoP goes and comes again and again: each return waits longer.",
            Setting.FLAPPING,
            (stage, result) -> new FlappingPopStory(stage).tell(result)),
    ROUTERS(
            "routers",
            "FRR and BIRD on two sites' LANs: routes flow, freeze when the PoP dies, and flow again.",
            Setting.WITH_ROUTERS,
            (stage, result) -> new RoutersStory(stage).tell(result)),
    LIVE_ROUTES(
            "live-routes",
            "The same with live routes at two of three sites: what is new off the cloud is told.",
            Setting.WITH_LIVE_ROUTES,
            (stage, result) -> new LiveRoutesStory(stage).tell(result)),
    LAN_RULE(
            "lan-rule-in-recovery",
            "Rules between two networks of a site hold when the PoP dies, and others from then on.",
            Setting.WITH_GUEST,
            (stage, result) -> new LanRuleStory(stage).tell(result)),
    POLICY_PUBLISH(
            "policy-publish-in-recovery",
            "Policies of 1,000 rules put in force off the cloud, one after the other, as hosts talk.",
            Setting.WITH_GUEST,
            (stage, result) -> new PublishStory(stage).tell(result)),
    TRANSPORT_RULES(
            "transport-rules",
            "Backups off-cloud, calls by Alt WAN, the rest by the PoP; then each way is cut in turn.",
            Setting.WITH_ALT_WAN,
            (stage, result) -> new TransportRulesStory(stage).tell(result)),
    WAN_FIREWALL(
            "wan-firewall",
            "Rules between sites at the PoP: swapped under traffic, suspended without it, back again.",
            Setting.WITH_WAN_FIREWALL,
            (stage, result) -> new WanFirewallStory(stage).tell(result)),
    LATENCY_UNDER_LOAD(
            "latency-under-load",
            "A download by a line of 20 Mbit/s while the PoP dies: how long other packets take.",
            Setting.NARROW,
            (stage, result) -> new LoadStory(stage).tell(result)),
    DNS_DHCP(
            "dns-dhcp-in-recovery",
            "The PoP dies, and the resolver there: hosts go on asking it, and leases stay.",
            Setting.WITH_NAMES,
            (stage, result) -> new NamesStory(stage).tell(result)),
    INTERNET_RECOVERY(
            "internet-recovery",
            "Hosts reach the Internet by the PoP, without it by their own WAN, and then by it again.",
            Setting.WITH_SERVER,
            (stage, result) -> new InternetRecoveryStory(stage).tell(result)),
    CAPTURE(
            "capture",
            "A site's packets at every point, with keys: tshark reads what is inside the tunnels.",
            Setting.ORDINARY,
            (stage, result) -> new CaptureStory(stage).tell(result)),
    NOTICES(
            "notices",
            "With every PoP dead each site tells a receiver on the Internet what happened, once.",
            Setting.WITH_RECEIVER,
            (stage, result) -> new NoticesStory(stage).tell(result)),
    GUEST_ISOLATION(
            "guest-isolation",
            "Guests reach the Internet and no other site, with a PoP and without one.",
            Setting.WITH_SERVER_AND_GUEST,
            (stage, result) -> new GuestIsolationStory(stage).tell(result)),
    LIES(
            "lies",
            "Everything sent is answered with forged ICMP errors and TCP resets: nobody believes them.",
            Setting.ORDINARY,
            (stage, result) -> new LiesStory(stage).tell(result));

    /** Those that every change must pass: of three kinds, in three minutes. */
    private static final List<Scenario> CI = List.of(MASQUERADE, ROUTERS, CAPTURE);

    /** What happens, and what is measured of it. */
    interface Story {
        /**
         * @throws LabException when it did not come to its end
         */
        void tell(Stage stage, ScenarioResult.Builder result)
                throws IOException, InterruptedException, LabException;
    }

    private final String key;
    private final String description;
    private final Setting setting;
    private final Story story;

    Scenario(String key, String description, Setting setting, Story story) {
        this.key = key;
        this.description = description;
        this.setting = setting;
        this.story = story;
    }

    String key() {
        return key;
    }

    String description() {
        return description;
    }

    Setting setting() {
        return setting;
    }

    Story story() {
        return story;
    }

    /**
     * @throws IllegalArgumentException for a lab of more sites than the story names
     */
    void requireSites(int sites) {
        boolean isOfThree = key.startsWith("reasons-") || this == BROKEN_PATH;
        if (isOfThree && sites != LabSite.COUNT_MIN) {
            throw new IllegalArgumentException(
                    key + " is told of " + LabSite.COUNT_MIN + " sites, not " + sites);
        }
    }

    /** Nothing may happen, for as long as it is told to look. */
    boolean isCalm() {
        return this == SLOW_PATH || this == FULL_LOAD || this == FULL_LOAD_BFD;
    }

    /**
     * {@code all}, {@code ci}, or some names with commas between them.
     *
     * @throws IllegalArgumentException naming the one that is none
     */
    static List<Scenario> named(String names) {
        return switch (names) {
            case "all" -> List.of(values());
            case "ci" -> CI;
            default -> Arrays.stream(names.split(",", -1)).map(Scenario::one).toList();
        };
    }

    private static Scenario one(String name) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.key.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(expected(name)));
    }

    private static String expected(String name) {
        String known = Arrays.stream(values()).map(Scenario::key).collect(Collectors.joining(", "));
        return "'" + name + "' is none; there are " + known + ", all, ci and list";
    }
}
