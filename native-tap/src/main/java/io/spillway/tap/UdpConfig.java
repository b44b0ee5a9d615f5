package io.spillway.tap;

import java.net.InetSocketAddress;

/**
 * What {@link UdpSocket#open} is to make.
 *
 * @param device interface to be bound to; null: not bound to one.
 * @param local address and port; its family is the socket's. Port 0 lets the kernel choose.
 * @param receiveCoalescing UDP_GRO: one receive may bring several datagrams.
 * @param bufferLength wanted bytes of send and of receive buffer, each.
 */
public record UdpConfig(
        String device, InetSocketAddress local, boolean receiveCoalescing, int bufferLength) {
    public static final int DEFAULT_BUFFER_LENGTH = 8 << 20;

    public UdpConfig {
        if (device != null) {
            TapConfig.checkName(device);
        }
        if (local == null || local.isUnresolved()) {
            throw new IllegalArgumentException("local endpoint " + local + " is not an IP address");
        }
        if (bufferLength <= 0) {
            throw new IllegalArgumentException(
                    "buffer length " + bufferLength + " is not positive");
        }
    }
}
