package io.spillway.node;

import io.spillway.routing.fib.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Addresses that a single machine can have. */
final class UnicastAddress {

    /** Throws {@link IllegalArgumentException}; never asks a name server. */
    static IpAddress parse(String text) {
        IpAddress address = IpAddress.parse(text);
        if (address.isUnspecified() || !isUnicast(address)) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }

    static InetAddress parseInet(String text) {
        IpAddress address = parse(text);
        ByteBuffer bytes = ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low());
        byte[] raw = new byte[address.isIpv4() ? 4 : 16];
        bytes.flip().get(raw);
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for another length
        }
    }

    private static boolean isUnicast(IpAddress address) {
        int first = (int) (address.high() >>> 56);
        if (address.isIpv4()) {
            return first != 0 && first < 224; // RFC 1122 and RFC 1112
        }
        boolean mapped = address.high() == 0 && address.low() >>> 32 == 0xFFFF; // RFC 4291, 2.5.5
        return first != 0xFF && !mapped;
    }

    private UnicastAddress() {}
}
