package io.spillway.node.channel;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How a connection leaves this machine.
 *
 * @param device that its packets are bound to; empty: as the kernel's routes say
 * @param address to connect from; null: the kernel's choice
 */
public record ChannelWay(String device, InetAddress address) {
    public static final ChannelWay ANY = new ChannelWay("", null);

    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int IFNAMSIZ = 16;
    private static final RawUnixChannelOption BIND_TO_DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

    public static ChannelWay from(InetAddress address) {
        return new ChannelWay("", address);
    }

    public boolean isBound() {
        return !device.isEmpty();
    }

    /** Null: the kernel's choice. */
    public InetSocketAddress local() {
        return address == null ? null : new InetSocketAddress(address, 0);
    }

    /**
     * Before it connects.
     *
     * @throws ChannelException when there is no such device
     */
    public void bind(SocketChannel channel) {
        if (isBound()) {
            byte[] name = device.getBytes(StandardCharsets.US_ASCII);
            ByteBuffer padded = ByteBuffer.allocate(IFNAMSIZ).put(name).rewind();
            channel.config().setOption(BIND_TO_DEVICE, padded);
        }
    }
}
