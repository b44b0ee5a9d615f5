package io.spillway.node.sim;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.header.ArpHeader;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.MacAddress;
import io.spillway.dataplane.header.UdpHeader;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A host on a site's LAN. Answers ARP for every address that is not the gateway's, so that it
 * stands for all hosts there; sends and receives numbered UDP packets.
 */
public final class SimHost {
    static final int PAYLOAD_LENGTH = 32;
    static final int HEADERS_LENGTH = Ipv4Header.LENGTH_MIN + UdpHeader.LENGTH;
    static final int PORT = 4000;
    private static final int ARP_FRAME_LENGTH = EthernetHeader.LENGTH + ArpHeader.LENGTH;
    private static final int PACKET_OFFSET = EthernetHeader.LENGTH;
    private static final int UDP_OFFSET = PACKET_OFFSET + Ipv4Header.LENGTH_MIN;
    private static final int PAYLOAD_OFFSET = UDP_OFFSET + UdpHeader.LENGTH;
    private static final int ICMP_MTU_OFFSET = UDP_OFFSET + 6;
    private static final int FRAGMENTATION_NEEDED = 4;

    /** Who gets what a host received, by stream ID. */
    interface Receiver {
        void onReceived(int stream, int sequence, SimHost at);
    }

    private final String name;
    private final long mac;
    private final int address;
    private final int gateway;
    private final Receiver receiver;
    private final Map<Integer, Integer> icmp = new HashMap<>();
    private final SimReassembly reassembly = new SimReassembly();
    private int toldMtu;
    private SimPort port;
    private long gatewayMac;

    SimHost(String name, long mac, int address, int gateway, Receiver receiver) {
        this.name = name;
        this.mac = mac;
        this.address = address;
        this.gateway = gateway;
        this.receiver = receiver;
    }

    public String name() {
        return name;
    }

    public int address() {
        return address;
    }

    /** ICMP errors received, by code of destination unreachable. */
    public int unreachables(int code) {
        return icmp.getOrDefault(code, 0);
    }

    /** What the last "fragmentation needed" said; 0: none came. */
    public int toldMtu() {
        return toldMtu;
    }

    /** Fragments received. */
    public int fragments() {
        return reassembly.fragments();
    }

    void plug(SimPort plugged) {
        port = plugged;
        port.attach(this::onFrame);
    }

    void send(SimStream stream, int sequence) {
        if (gatewayMac == 0) {
            arp(ArpHeader.REQUEST, MacAddress.BROADCAST, address, 0, gateway);
            return;
        }
        byte[] frame = new byte[PAYLOAD_OFFSET + stream.payloadLength];
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        EthernetHeader.write(buffer, 0, gatewayMac, mac, 0, EthernetHeader.ETHER_TYPE_IPV4);
        Ipv4Header.write(
                buffer,
                PACKET_OFFSET,
                0,
                frame.length - PACKET_OFFSET,
                UdpHeader.PROTOCOL,
                address,
                stream.destination);
        if (stream.mayFragment) {
            buffer.putInt(
                    PACKET_OFFSET + Ipv4Header.IDENTIFICATION_OFFSET, sequence << 16, BIG_ENDIAN);
            Ipv4Header.writeChecksum(buffer, PACKET_OFFSET);
        }
        buffer.putShort(
                UDP_OFFSET + UdpHeader.SOURCE_PORT_OFFSET, (short) stream.sourcePort, BIG_ENDIAN);
        buffer.putShort(
                UDP_OFFSET + UdpHeader.DESTINATION_PORT_OFFSET,
                (short) stream.destinationPort,
                BIG_ENDIAN);
        int udpLength = UdpHeader.LENGTH + stream.payloadLength;
        buffer.putShort(UDP_OFFSET + UdpHeader.LENGTH_OFFSET, (short) udpLength, BIG_ENDIAN);
        buffer.putInt(PAYLOAD_OFFSET, stream.id, BIG_ENDIAN);
        buffer.putInt(PAYLOAD_OFFSET + 4, sequence, BIG_ENDIAN);
        port.offer(frame);
    }

    boolean knowsGateway() {
        return gatewayMac != 0;
    }

    private void onFrame(byte[] frame) {
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        switch (EthernetHeader.etherType(buffer, 0)) {
            case EthernetHeader.ETHER_TYPE_ARP -> onArp(buffer);
            case EthernetHeader.ETHER_TYPE_IPV4 -> {
                UnsafeBuffer whole = reassembly.add(buffer, PACKET_OFFSET);
                if (whole != null) {
                    onPacket(whole);
                }
            }
            default -> {}
        }
    }

    private void onArp(UnsafeBuffer frame) {
        int sender = ArpHeader.senderAddress(frame, EthernetHeader.LENGTH);
        int target = ArpHeader.targetAddress(frame, EthernetHeader.LENGTH);
        long senderMac = ArpHeader.senderMac(frame, EthernetHeader.LENGTH);
        if (sender == gateway) {
            gatewayMac = senderMac;
        }
        boolean isRequest = ArpHeader.operation(frame, EthernetHeader.LENGTH) == ArpHeader.REQUEST;
        if (isRequest && target != gateway) {
            arp(ArpHeader.REPLY, senderMac, target, senderMac, sender);
        }
    }

    private void arp(int operation, long to, int sender, long targetMac, int target) {
        byte[] frame = new byte[Math.max(ARP_FRAME_LENGTH, 60)];
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        EthernetHeader.write(buffer, 0, to, mac, 0, EthernetHeader.ETHER_TYPE_ARP);
        ArpHeader.write(buffer, EthernetHeader.LENGTH, operation, mac, sender, targetMac, target);
        port.offer(frame);
    }

    private void onPacket(UnsafeBuffer frame) {
        int protocol = Ipv4Header.protocol(frame, PACKET_OFFSET);
        boolean hasNumbers = frame.capacity() >= PAYLOAD_OFFSET + 2 * Integer.BYTES;
        if (protocol == UdpHeader.PROTOCOL && hasNumbers) {
            receiver.onReceived(
                    frame.getInt(PAYLOAD_OFFSET, BIG_ENDIAN),
                    frame.getInt(PAYLOAD_OFFSET + 4, BIG_ENDIAN),
                    this);
        } else if (protocol == 1 && frame.getByte(UDP_OFFSET) == 3) {
            int code = frame.getByte(UDP_OFFSET + 1);
            icmp.merge(code, 1, Integer::sum);
            if (code == FRAGMENTATION_NEEDED) {
                toldMtu = frame.getShort(ICMP_MTU_OFFSET, BIG_ENDIAN);
            }
        }
    }
}
