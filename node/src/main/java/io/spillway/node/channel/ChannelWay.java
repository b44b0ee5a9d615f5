package io.spillway.node.channel;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * How a connection leaves this machine.
 *
 * @param device that its packets are bound to; empty: as the kernel's routes say
 * @param address to connect from; null: the kernel's choice
 */
public record ChannelWay(String device, InetAddress address) {
    public static final ChannelWay ANY = new ChannelWay("", null);

    public static ChannelWay from(InetAddress address) {
        return new ChannelWay("", address);
    }

    boolean isBound() {
        return !device.isEmpty();
    }

    /** Null: the kernel's choice. */
    InetSocketAddress local() {
        return address == null ? null : new InetSocketAddress(address, 0);
    }
}
