package io.spillway.node.dhcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.spillway.dataplane.header.DhcpHeader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays DHCP for LAN networks, by a UDP socket on each one's gateway address, which the kernel
 * owns on the host port. A server of this machine is then as near as one behind another site, whose
 * packets the kernel sends back into the data plane; and a server's answer, which goes to the
 * gateway address, reaches the relay whichever of both it is. The data plane itself could not be
 * the relay: what a server of this machine sends to a gateway address never leaves the kernel. It
 * does what IP cannot: clients' broadcasts come here, and answers go to their MAC ({@code
 * DhcpDoor}).
 *
 * <p>One I/O thread does all. Nothing is remembered of any client.
 */
public final class DhcpService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DhcpService.class);

    private static final int THREADS = 1;
    private static final long CLOSE_TIMEOUT_S = 2;

    private final List<DhcpNetwork> networks;
    private final List<DhcpCounters> counters = new ArrayList<>();
    private final EventLoopGroup group;

    private DhcpService(List<DhcpNetwork> networks) {
        this.networks = List.copyOf(networks);
        DefaultThreadFactory daemon = new DefaultThreadFactory("dhcp", true);
        group = new MultiThreadIoEventLoopGroup(THREADS, daemon, EpollIoHandler.newFactory());
    }

    /**
     * @throws IOException naming the address that cannot be had; nothing stays open
     */
    public static DhcpService open(List<DhcpNetwork> networks) throws IOException {
        DhcpService service = new DhcpService(networks);
        try {
            for (DhcpNetwork network : networks) {
                service.listen(network);
            }
            return service;
        } catch (IOException e) {
            service.close();
            throw e;
        }
    }

    /** A server of this machine has the same port, on other addresses or on all. */
    private void listen(DhcpNetwork network) throws IOException {
        counters.add(new DhcpCounters());
        ChannelFuture bound =
                new Bootstrap()
                        .group(group)
                        .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BROADCAST, true)
                        .handler(new Messages(new DhcpRelay(network, counters.getLast())))
                        .bind(new InetSocketAddress(network.gateway(), DhcpHeader.SERVER_PORT))
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "dhcpRelay of network %s: cannot listen on %s port %d: %s"
                            .formatted(
                                    network.name(),
                                    network.gateway().getHostAddress(),
                                    DhcpHeader.SERVER_PORT,
                                    bound.cause().getMessage()),
                    bound.cause());
        }
    }

    /** As they were given. */
    public List<DhcpNetwork> networks() {
        return networks;
    }

    /** Of the network of that number. Any thread. */
    public DhcpCounters counters(int network) {
        return counters.get(network);
    }

    /** Not to be called on the I/O thread. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_S, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** What comes to one gateway address. */
    private static final class Messages extends SimpleChannelInboundHandler<DatagramPacket> {
        private final DhcpRelay relay;

        Messages(DhcpRelay relay) {
            this.relay = relay;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            ByteBuf content = packet.content();
            byte[] message = new byte[content.readableBytes()];
            content.readBytes(message);
            Inet4Address sender = (Inet4Address) packet.sender().getAddress();
            InetSocketAddress to = relay.take(message, sender);
            if (to != null) {
                context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(message), to));
            }
        }

        /** An ICMP error about a message of ours: the client asks again. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            LOG.debug("dhcp: {}", thrown.toString());
        }
    }
}
