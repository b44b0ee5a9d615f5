package io.spillway.control.wire;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses between their wire and JDK forms, with no name look-up in either direction. */
public final class WireAddress {
    private static final ByteString IPV4_MAPPED =
            ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1});

    private WireAddress() {}

    public static Endpoint endpoint(InetSocketAddress endpoint) {
        ByteString address = ByteString.copyFrom(endpoint.getAddress().getAddress());
        return Endpoint.newBuilder().setAddress(address).setPort(endpoint.getPort()).build();
    }

    /** {@code endpoint} has passed {@link WireCodec}. */
    public static InetSocketAddress endpoint(Endpoint endpoint) {
        return new InetSocketAddress(inetAddress(endpoint.getAddress()), endpoint.getPort());
    }

    /** Of 4 bytes; null: none. */
    public static InetAddress ipv4(ByteString address) {
        return address.isEmpty() ? null : inetAddress(address);
    }

    static boolean isUnicast(ByteString address) {
        InetAddress inetAddress = inetAddress(address);
        boolean broadcast = address.size() == 4 && address.asReadOnlyByteBuffer().getInt() == -1;
        return !inetAddress.isAnyLocalAddress() && !inetAddress.isMulticastAddress() && !broadcast;
    }

    static boolean isIpv4Mapped(ByteString address) {
        return address.size() == 16 && address.startsWith(IPV4_MAPPED);
    }

    private static InetAddress inetAddress(ByteString address) {
        try {
            return InetAddress.getByAddress(address.toByteArray());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address of " + address.size() + " bytes", e);
        }
    }
}
