package io.spillway.node.notify;

import io.spillway.control.event.Event;
import io.spillway.control.event.EventType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a notice is of; the configuration names which of them are told. */
public enum NoticeKind {
    RECOVERY,
    INTERNET,
    READINESS,
    CERTIFICATE,
    DAEMON,
    DISK,
    DROPS,
    /** Of another site, at a PoP. */
    SITE,
    CLOUD,
    TUNNELS,
    ROUTING,
    FIREWALL;

    /** Told unless the configuration says otherwise: what somebody should know of at night. */
    public static final Set<NoticeKind> USUAL = EnumSet.range(RECOVERY, SITE);

    /** As the configuration names it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException when nothing is called so
     */
    public static NoticeKind of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Null: nobody is told of such events. */
    static NoticeKind of(Event event) {
        return Arrays.stream(EventType.values())
                .filter(event::is)
                .findFirst()
                .map(NoticeKind::of)
                .orElse(null);
    }

    private static NoticeKind of(EventType type) {
        return switch (type) {
            case OFF_CLOUD_RECOVERY, RECOVERY_VIA_ALT_WAN -> RECOVERY;
            case INTERNET_RECOVERY -> INTERNET;
            case READINESS_STATE -> READINESS;
            case CERTIFICATE_EXPIRY -> CERTIFICATE;
            case DAEMON_STARTED, TEST, CAPTURE_WITH_KEYS -> DAEMON;
            case DISK_SPACE -> DISK;
            case PACKETS_DROPPED -> DROPS;
            case SITE_HEARD -> SITE;
            case CONNECTED, DISCONNECTED, RECONNECTED, CHANGED_POP -> CLOUD;
            case OFF_CLOUD_TRANSPORT_CONNECT, OFF_CLOUD_TRANSPORT_DISCONNECT -> TUNNELS;
            case BFD_SESSION, BGP_SESSION, BGP_ROUTING, ROUTES_CHANGED -> ROUTING;
            case LAN_FIREWALL -> FIREWALL;
        };
    }
}
