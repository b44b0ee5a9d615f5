package io.spillway.control.event;

/** Types and sub-types by their published names (A08), and ours. */
public enum EventType {
    OFF_CLOUD_RECOVERY("Connectivity", "Off-Cloud Recovery"),
    OFF_CLOUD_TRANSPORT_CONNECT("Connectivity", "Off-Cloud Transport Connect"),
    OFF_CLOUD_TRANSPORT_DISCONNECT("Connectivity", "Off-Cloud Transport Disconnect"),
    RECOVERY_VIA_ALT_WAN("Connectivity", "Recovery via Alt. WAN"),
    CONNECTED("Connectivity", "Connected"),
    DISCONNECTED("Connectivity", "Disconnected"),
    RECONNECTED("Connectivity", "Reconnected"),
    CHANGED_POP("Connectivity", "Changed Pop"),

    /** Ours: traffic to the Internet by a link of the site itself. */
    INTERNET_RECOVERY("Connectivity", "Internet Recovery"),
    BFD_SESSION("Routing", "BFD Session"),
    BGP_SESSION("Routing", "BGP Session"),
    BGP_ROUTING("Routing", "BGP Routing"),
    LAN_FIREWALL("Security", "LAN Firewall"),

    /** Ours, of the machine itself. */
    DAEMON_STARTED("Spillway", "Daemon Started"),
    CERTIFICATE_EXPIRY("Spillway", "Certificate Expiry"),
    DISK_SPACE("Spillway", "Disk Space"),
    PACKETS_DROPPED("Spillway", "Packets Dropped"),

    /** Ours: a PoP hears a site no longer, or again. */
    SITE_HEARD("Spillway", "Site Heard"),

    /** Ours: somebody tries whether notices arrive. */
    TEST("Spillway", "Test"),
    /** Ours: somebody had the keys of tunnels' sessions. */
    CAPTURE_WITH_KEYS("Security", "Capture With Keys"),

    /** Ours: what a site's return to the cloud made of its routes. */
    ROUTES_CHANGED("Spillway", "Routes Changed"),

    /** Ours: kept by the site for itself, never uploaded. */
    READINESS_STATE("Spillway", "Readiness State");

    private final String type;
    private final String subType;

    EventType(String type, String subType) {
        this.type = type;
        this.subType = subType;
    }

    public String type() {
        return type;
    }

    public String subType() {
        return subType;
    }
}
