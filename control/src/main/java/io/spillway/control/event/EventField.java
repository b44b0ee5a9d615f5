package io.spillway.control.event;

/** Field names as published (A07), and of our own events. */
public final class EventField {
    public static final String SRC_SITE_ID = "src_site_id";
    public static final String SRC_SITE_NAME = "src_site_name";
    public static final String DEST_SITE_ID = "dest_site_id";
    public static final String DEST_SITE_NAME = "dest_site_name";
    public static final String SOCKET_INTERFACE = "socket_interface";
    public static final String SOCKET_INTERFACE_ID = "socket_interface_id";
    public static final String SOCKET_ROLE = "socket_role";
    public static final String LINK_TYPE = "link_type";
    public static final String TUNNEL_PROTOCOL = "tunnel_protocol";
    public static final String PUBLIC_IP = "public_ip";
    public static final String POP_NAME = "pop_name";
    public static final String BGP_PEER_IP = "bgp_peer_ip";
    public static final String BGP_PEER_ASN = "bgp_peer_asn";
    public static final String BGP_PEER_DESCRIPTION = "bgp_peer_description";
    public static final String BGP_ROUTE_CIDR = "bgp_route_cidr";
    public static final String EVENT_COUNT = "event_count";
    public static final String ACTION = "action";
    public static final String NETWORK_RULE = "network_rule";
    public static final String RULE_NAME = "rule_name";
    public static final String SRC_IP = "src_ip";
    public static final String SRC_PORT = "src_port";
    public static final String DEST_IP = "dest_ip";
    public static final String DEST_PORT = "dest_port";
    public static final String IP_PROTOCOL = "ip_protocol";
    public static final String FAILURE_REASON = "failure_reason";
    public static final String RECOMMENDED_ACTIONS = "recommended_actions";

    public static final String EXPIRES = "expires";
    public static final String DIRECTORY = "directory";
    public static final String FREE_BYTES = "free_bytes";
    public static final String SOFTWARE = "software";
    public static final String HEARD_BY = "heard_by";
    public static final String USER_NAME = "user_name";

    public static final String ROUTES_ADDED = "routes_added";
    public static final String ROUTES_REMOVED = "routes_removed";
    public static final String ROUTES_CHANGED = "routes_changed";

    private EventField() {}
}
