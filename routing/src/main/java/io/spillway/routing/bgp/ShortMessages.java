package io.spillway.routing.bgp;

/** Messages of few bytes, encoded: what is neither OPEN nor UPDATE. */
final class ShortMessages {
    private ShortMessages() {}

    /** RFC 4271 section 4.4. */
    static byte[] keepAlive() {
        byte[] message = new byte[MessageFramer.HEADER_LENGTH];
        MessageFramer.putHeader(message, 0, message.length, MessageFramer.KEEPALIVE);
        return message;
    }

    /** ROUTE-REFRESH of a unicast family (RFC 2918). */
    static byte[] refresh(boolean isIpv4) {
        byte[] message = new byte[MessageFramer.HEADER_LENGTH + 4];
        int at = MessageFramer.putHeader(message, 0, message.length, MessageFramer.ROUTE_REFRESH);
        int family = isIpv4 ? Capabilities.AFI_IPV4 : Capabilities.AFI_IPV6;
        Wire.put16(message, Wire.put16(message, at, family), Capabilities.SAFI_UNICAST);
        return message;
    }

    /** With as much of its data as fits. */
    static byte[] notification(Notification notification) {
        int room = MessageFramer.LENGTH_MAX - MessageFramer.HEADER_LENGTH - 2;
        int dataLength = Math.min(notification.data().length, room);
        byte[] message = new byte[MessageFramer.HEADER_LENGTH + 2 + dataLength];
        int at = MessageFramer.putHeader(message, 0, message.length, MessageFramer.NOTIFICATION);
        at = Wire.put8(message, at, notification.code());
        at = Wire.put8(message, at, notification.subcode());
        Wire.put(message, at, notification.data(), 0, dataLength);
        return message;
    }
}
