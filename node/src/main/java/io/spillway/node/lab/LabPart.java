package io.spillway.node.lab;

/** What a lab may have beside sites, hosts and PoPs. */
enum LabPart {
    /** The first two sites have a {@link LanRouter} each. */
    ROUTERS,
    /** The first site has a {@link LanGuest}. */
    GUEST,
    /** There are {@link NameServers}, and the first site's LAN has no addresses of its own. */
    NAMES,
    /** There is an {@link InternetServer}, and every site may reach it. */
    SERVER,
    /** There is a {@link NoticeReceiver}, and every node tells it what happens. */
    RECEIVER,
    /** The PoP has rules between sites, which allow everything at first. */
    WAN_FIREWALL
}
