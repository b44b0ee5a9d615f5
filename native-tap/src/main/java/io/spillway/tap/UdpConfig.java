package io.spillway.tap;

import java.net.InetSocketAddress;

/**
 * What {@link UdpSocket#open} is to make.
 *
 * @param device interface to be bound to; null: not bound to one.
 * @param local address and port; its family is the socket's. Port 0 lets the kernel choose.
 * @param receiveCoalescing UDP_GRO: one receive may bring several datagrams.
 * @param bufferLength wanted bytes of send and of receive buffer, each.
 * @param isAddressLater the machine may not have the address yet (IP_FREEBIND).
 */
public record UdpConfig(
        String device,
        InetSocketAddress local,
        boolean receiveCoalescing,
        int bufferLength,
        boolean isAddressLater) {
    public static final int DEFAULT_BUFFER_LENGTH = 8 << 20;

    /** With an address that the machine has. */
    public UdpConfig(
            String device, InetSocketAddress local, boolean receiveCoalescing, int bufferLength) {
        this(device, local, receiveCoalescing, bufferLength, false);
    }

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
