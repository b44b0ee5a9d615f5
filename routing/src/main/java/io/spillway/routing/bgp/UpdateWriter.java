package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;

/**
 * Writes UPDATE messages, each with as many prefixes as it holds. IPv4 goes as RFC 4271 has it,
 * IPv6 as RFC 4760, with MP_REACH_NLRI in front (RFC 7606 section 5.1).
 */
final class UpdateWriter {
    private static final int FIELDS_LENGTH = MessageFramer.HEADER_LENGTH + 4;
    private static final int MP_HEAD_LENGTH = 4;
    private static final int FAMILY_LENGTH = 3;
    private static final int REACH_LENGTH = FAMILY_LENGTH + 2 + Wire.IPV6_LENGTH;
    private static final int IPV4_PREFIX_MAX = 1 + Wire.IPV4_LENGTH;
    private static final int IPV6_PREFIX_MAX = 1 + Wire.IPV6_LENGTH;

    private final MessageBuffer out;
    private final NeighbourCounters counters;
    private final AttributeWriter attributes;
    private final SessionTerms terms;
    private final IpAddress nextHopIpv6;
    private int attributesLength;
    private boolean isIpv4;
    private int start;
    private int at;
    private int end;

    UpdateWriter(
            MessageBuffer out,
            NeighbourCounters counters,
            NeighbourConfig config,
            SessionTerms terms) {
        this.out = out;
        this.counters = counters;
        this.terms = terms;
        attributes = new AttributeWriter(config, terms);
        nextHopIpv6 = config.nextHopIpv6();
    }

    /** Begins announcing; false: the attributes leave no room for a prefix in any message. */
    boolean beginAnnounce(PathAttributes set, boolean isFamilyIpv4, boolean isOwn) {
        isIpv4 = isFamilyIpv4;
        attributesLength = attributes.write(set, isIpv4, isOwn);
        int fixed =
                isIpv4
                        ? FIELDS_LENGTH + IPV4_PREFIX_MAX
                        : FIELDS_LENGTH + MP_HEAD_LENGTH + REACH_LENGTH + IPV6_PREFIX_MAX;
        if (fixed + attributesLength > terms.messageLengthMax()) {
            return false;
        }
        openAnnounce();
        return true;
    }

    private void openAnnounce() {
        byte[] bytes = open(isIpv4 ? 0 : attributesLength);
        if (isIpv4) {
            at = Wire.put16(bytes, at, 0);
            at = Wire.put16(bytes, at, attributesLength);
            at = Wire.put(bytes, at, attributes.bytes(), 0, attributesLength);
            return;
        }
        at = putMultiprotocol(bytes, AttributeType.MP_REACH_NLRI, Capabilities.AFI_IPV6);
        at = Wire.put8(bytes, at, Wire.IPV6_LENGTH);
        at = Wire.putAddress(bytes, at, nextHopIpv6);
        at = Wire.put8(bytes, at, 0);
    }

    void announce(long high, long low, int length) {
        if (end - at < Wire.prefixLength(length)) {
            closeAnnounce();
            openAnnounce();
        }
        at = Wire.putPrefix(out.require(0), at, high, low, length);
    }

    void closeAnnounce() {
        byte[] bytes = out.require(0);
        if (!isIpv4) {
            putMultiprotocolLengths(bytes, attributesLength);
            at = Wire.put(bytes, at, attributes.bytes(), 0, attributesLength);
        }
        close();
    }

    void beginWithdraw(boolean isFamilyIpv4) {
        isIpv4 = isFamilyIpv4;
        openWithdraw();
    }

    private void openWithdraw() {
        byte[] bytes = open(2);
        at =
                isIpv4
                        ? Wire.put16(bytes, at, 0)
                        : putMultiprotocol(
                                bytes, AttributeType.MP_UNREACH_NLRI, Capabilities.AFI_IPV6);
    }

    void withdraw(long high, long low, int length) {
        if (end - at < Wire.prefixLength(length)) {
            closeWithdraw();
            openWithdraw();
        }
        at = Wire.putPrefix(out.require(0), at, high, low, length);
    }

    void closeWithdraw() {
        byte[] bytes = out.require(0);
        if (isIpv4) {
            int fields = start + MessageFramer.HEADER_LENGTH;
            Wire.put16(bytes, fields, at - fields - 2);
            at = Wire.put16(bytes, at, 0);
        } else {
            putMultiprotocolLengths(bytes, 0);
        }
        close();
    }

    /** RFC 4724 section 2. */
    void endOfRib(boolean isFamilyIpv4) {
        isIpv4 = isFamilyIpv4;
        openWithdraw();
        closeWithdraw();
    }

    /**
     * Begins a message.
     *
     * @param reserved bytes at its end that are no prefixes
     */
    private byte[] open(int reserved) {
        start = out.length();
        byte[] bytes = out.require(terms.messageLengthMax());
        at = start + MessageFramer.HEADER_LENGTH;
        end = start + terms.messageLengthMax() - reserved;
        return bytes;
    }

    private void close() {
        int length = at - start;
        MessageFramer.putHeader(out.require(0), start, length, MessageFramer.UPDATE);
        out.length(at);
        counters.updatesSent++;
        counters.messagesSent++;
    }

    private int putMultiprotocol(byte[] bytes, int type, int family) {
        int flags = AttributeType.flags(type) | AttributeType.EXTENDED_LENGTH;
        int next = Wire.put16(bytes, at, 0); // no withdrawn routes
        next = Wire.put16(bytes, next, 0); // closing fills in the lengths
        next = Wire.put16(bytes, next, flags << 8 | type);
        next = Wire.put16(bytes, next, 0);
        next = Wire.put16(bytes, next, family);
        return Wire.put8(bytes, next, Capabilities.SAFI_UNICAST);
    }

    private void putMultiprotocolLengths(byte[] bytes, int following) {
        int fields = start + MessageFramer.HEADER_LENGTH;
        int value = start + FIELDS_LENGTH + MP_HEAD_LENGTH;
        Wire.put16(bytes, fields + 2, at - fields - 4 + following);
        Wire.put16(bytes, value - 2, at - value);
    }
}
