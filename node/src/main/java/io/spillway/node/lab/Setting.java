package io.spillway.node.lab;

import java.util.List;

/**
 * In what the lab of a scenario differs from others.
 *
 * @param returnBackoff as every site's configuration has it
 * @param shape of the network
 * @param readiness as every site's configuration has it
 * @param policy of the account, as the PoP's configuration has it
 * @param firstLink what the first site's configuration adds to its WAN
 */
record Setting(
        LastSite last,
        String returnBackoff,
        LabShape shape,
        String policy,
        String readiness,
        String firstLink) {
    /** What the last of the sites is. */
    enum LastSite {
        LIKE_THE_OTHERS,
        /** Its own configuration has recovery switched off. */
        DISABLED,
        /** The story starts it. */
        LATE,
        /** Its routes are frozen in recovery, and those of the others live. */
        FROZEN
    }

    /** Short, for a lab that loses its PoP again and again; the default doubles up to 1024 s. */
    static final Setting ORDINARY =
            new Setting(
                    LastSite.LIKE_THE_OTHERS,
                    "{first: 1s, max: 2s, stableReset: 1024s}",
                    LabShape.PLAIN,
                    "{}",
                    "{}");

    /** The first site is told how little its line carries. */
    static final Setting NARROW =
            new Setting(
                    ORDINARY.last,
                    ORDINARY.returnBackoff,
                    ORDINARY.shape,
                    ORDINARY.policy,
                    ORDINARY.readiness,
                    LoadStory.FIRST_LINK);

    static final Setting WITH_DISABLED_SITE = ORDINARY.with(LastSite.DISABLED);
    static final Setting WITH_LATE_SITE = ORDINARY.with(LastSite.LATE);

    /** With waits that are told apart. */
    static final Setting FLAPPING =
            new Setting(
                    LastSite.LIKE_THE_OTHERS,
                    "{first: 1s, max: 8s, stableReset: 1024s}",
                    LabShape.PLAIN,
                    "{}",
                    "{}");

    /** As a site has it whose configuration does not speak of it. */
    static final Setting DEFAULT_BACKOFF =
            new Setting(
                    LastSite.LIKE_THE_OTHERS,
                    "{first: 8s, max: 1024s, stableReset: 1024s}",
                    LabShape.PLAIN,
                    "{}",
                    "{}");

    /** The first site is a hub, the others are spokes. */
    static final Setting HUB_AND_SPOKE =
            new Setting(
                    ORDINARY.last,
                    ORDINARY.returnBackoff,
                    ORDINARY.shape,
                    "{topology: hub-and-spoke, hubs: [%d]}"
                            .formatted(LabSite.first(3).getFirst().id()),
                    ORDINARY.readiness);

    static final Setting WITH_WAN_FIREWALL = in(LabShape.WITH_WAN_FIREWALL);
    static final Setting WITH_RECEIVER = in(LabShape.WITH_RECEIVER);
    static final Setting TWO_WANS = in(LabShape.TWO_WANS);
    static final Setting WITH_ALT_WAN = in(LabShape.WITH_ALT_WAN);
    static final Setting WITH_ROUTERS = in(LabShape.WITH_ROUTERS);
    static final Setting WITH_LIVE_ROUTES = in(LabShape.WITH_ROUTERS).with(LastSite.FROZEN);
    static final Setting WITH_GUEST = in(LabShape.WITH_GUEST);
    static final Setting WITH_NAMES = in(LabShape.WITH_NAMES);

    /** WAN recovery is off at the last site, Internet Recovery at the second. */
    static final Setting WITH_SERVER = in(LabShape.WITH_SERVER).with(LastSite.DISABLED);

    static final Setting WITH_SERVER_AND_GUEST = in(LabShape.WITH_SERVER_AND_GUEST);
    static final Setting TWO_NODES = in(LabShape.TWO_NODES);
    static final Setting TWO_POPS_WITH_LATE_SITE = in(LabShape.TWO_POPS).with(LastSite.LATE);

    Setting(LastSite last, String returnBackoff, LabShape shape, String policy, String readiness) {
        this(last, returnBackoff, shape, policy, readiness, "");
    }

    /** Sites in turn behind those. */
    static Setting behind(NatKind... nats) {
        return in(new LabShape(List.of(nats), false));
    }

    /** Two sites at one router. */
    static Setting sharing(NatKind nat) {
        return in(new LabShape(List.of(nat, nat), true));
    }

    private static Setting in(LabShape shape) {
        return new Setting(
                ORDINARY.last, ORDINARY.returnBackoff, shape, ORDINARY.policy, ORDINARY.readiness);
    }

    /** With short windows of proof. */
    Setting proving() {
        return new Setting(
                last, returnBackoff, shape, policy, ReasonsStory.CONFIGURATION, firstLink);
    }

    private Setting with(LastSite other) {
        return new Setting(other, returnBackoff, shape, policy, readiness, firstLink);
    }
}
