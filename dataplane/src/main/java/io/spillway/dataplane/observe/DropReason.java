package io.spillway.dataplane.observe;

/** Why a packet died. Every drop in the data plane names exactly one of these and is counted. */
public enum DropReason {
    // Ingress from a LAN port or the host port.
    FRAME_TOO_SHORT,
    FRAME_UNKNOWN_VLAN,
    FRAME_UNKNOWN_ETHERTYPE,
    FRAME_NOT_FOR_US,
    FRAME_OFFLOAD_UNEXPECTED,
    PORT_READ_FAILED,
    DHCP_MALFORMED,
    // IP parsing.
    PACKET_NOT_IP,
    PACKET_TRUNCATED,
    PACKET_BAD_HEADER,
    PACKET_MULTICAST,
    PACKET_BAD_ADDRESS,
    // WAN ingress.
    WAN_RECEIVE_FAILED,
    DATAGRAM_NOT_DTLS,
    DATAGRAM_STUN_MALFORMED,
    RECORD_MALFORMED,
    RECORD_UNKNOWN_SESSION,
    RECORD_WRONG_THREAD,
    RECORD_BAD_TAG,
    RECORD_REPLAYED,
    RECORD_WRONG_EPOCH,
    RECORD_NOT_APPLICATION_DATA,
    RECORD_UNKNOWN_CONTENT,
    PROBE_MALFORMED,
    PROBE_FOREIGN_ORIGIN,
    PROBE_NO_PATH,
    PROOF_MALFORMED,
    RELAY_MALFORMED,
    RELAY_FOREIGN_ORIGIN,
    RELAY_NO_PATH,
    HANDSHAKE_RING_FULL,
    SOURCE_NOT_FROM_PEER,
    // Deciding.
    TTL_EXCEEDED,
    FIREWALL_BLOCKED,
    FIREWALL_NO_CLOUD,
    FIREWALL_UNRELATED_ERROR,
    FIREWALL_FRAGMENT_UNKNOWN,
    FIREWALL_HOST_FLOWS,
    PROOF_NO_PATH,
    ROUTE_MISSING,
    ROUTE_UNREACHABLE,
    ROUTE_PROHIBITED,
    ROUTE_SITE_DOWN,
    ROUTE_TRANSPORT_DOWN,
    ROUTE_BACK_TO_POP,
    INTERNET_DOWN,
    NETWORK_ISOLATED,
    PACKET_TOO_BIG,
    // Egress.
    RING_FULL,
    LINK_QUEUE_FULL,
    LINK_QUEUE_DELAY,
    TUNNEL_CLOSED,
    TUNNEL_NOT_READY,
    TUNNEL_EXHAUSTED,
    NEIGHBOUR_UNRESOLVED,
    PORT_WRITE_REFUSED,
    WAN_SOCKET_FULL,
    WAN_MESSAGE_SIZE,
    WAN_UNREACHABLE,
    POOL_EXHAUSTED,
    ICMP_RATE_LIMITED;

    /** The reasons in ordinal order; not copied, never changed. */
    static final DropReason[] VALUES = values();

    /** Whether what dies of it is still as it came from a WAN link. */
    public boolean isOfDatagram() {
        return switch (this) {
            case DATAGRAM_NOT_DTLS,
                    DATAGRAM_STUN_MALFORMED,
                    RECORD_MALFORMED,
                    RECORD_UNKNOWN_SESSION,
                    RECORD_WRONG_THREAD,
                    RECORD_BAD_TAG,
                    RECORD_REPLAYED,
                    RECORD_WRONG_EPOCH,
                    RECORD_NOT_APPLICATION_DATA,
                    HANDSHAKE_RING_FULL ->
                    true;
            default -> false;
        };
    }
}
