package io.spillway.tap;

import java.util.ArrayList;
import java.util.List;

/**
 * Several UDP sockets on one endpoint (SO_REUSEPORT), each for a thread of its own. A program in
 * the kernel gives every datagram to one of them, by what stands in it and not by its sender.
 */
public final class UdpSocketGroup {
    /**
     * Which socket a datagram goes to. Where its first byte is {@code firstByte}, the low bits of
     * the 4 bytes at {@code wordOffset}, in network order, are the socket's index; everything else,
     * and what is too short, goes to the first.
     *
     * @param wordOffset bytes from the start of the UDP payload
     */
    public record Steering(int firstByte, int wordOffset) {}

    private UdpSocketGroup() {}

    /**
     * Opens the sockets in the order of their indexes. The first brings the program, which is the
     * whole group's, so that nothing arrives unsteered.
     *
     * @param count a power of two
     */
    public static List<UdpSocket> open(UdpConfig config, Steering steering, int count)
            throws LinuxException {
        if (count < 1 || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("sockets: " + count + " is no power of two");
        }
        UdpConfig shared = claim(config);
        SteeringProgram program = new SteeringProgram(steering, count - 1);
        List<UdpSocket> sockets = new ArrayList<>();
        try {
            for (int index = 0; index < count; index++) {
                sockets.add(UdpSocket.openShared(shared, index == 0 ? program : null));
            }
            return sockets;
        } catch (LinuxException e) {
            sockets.forEach(UdpSocket::close);
            throw e;
        }
    }

    /**
     * The endpoint, with its port when the kernel was to choose one. Bound alone for a moment: a
     * port that another process has would be shared with it, not refused.
     */
    private static UdpConfig claim(UdpConfig config) throws LinuxException {
        try (UdpSocket alone = UdpSocket.open(config)) {
            return new UdpConfig(
                    config.device(),
                    alone.localEndpoint(),
                    config.receiveCoalescing(),
                    config.bufferLength(),
                    config.isAddressLater());
        }
    }
}
