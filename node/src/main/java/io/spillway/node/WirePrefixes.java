package io.spillway.node;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.IpPrefix;
import io.spillway.routing.fib.Prefix;
import java.nio.ByteBuffer;

/** Prefixes between routing's form and the channel's. */
public final class WirePrefixes {
    private WirePrefixes() {}

    /** {@code message} has passed the codec. */
    public static Prefix prefix(IpPrefix message) {
        ByteBuffer address = message.getAddress().asReadOnlyByteBuffer();
        return address.remaining() == 4
                ? Prefix.ofIpv4(address.getInt(), message.getLength())
                : Prefix.ofIpv6(address.getLong(), address.getLong(), message.getLength());
    }

    public static IpPrefix message(Prefix prefix) {
        ByteBuffer address = ByteBuffer.allocate(prefix.isIpv4() ? 4 : 16);
        if (prefix.isIpv4()) {
            address.putInt(prefix.address().toIpv4());
        } else {
            address.putLong(prefix.high()).putLong(prefix.low());
        }
        return IpPrefix.newBuilder()
                .setAddress(ByteString.copyFrom(address.flip()))
                .setLength(prefix.length())
                .build();
    }
}
