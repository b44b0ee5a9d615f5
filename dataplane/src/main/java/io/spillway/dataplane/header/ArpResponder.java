package io.spillway.dataplane.header;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ARP as a gateway speaks it (RFC 826, RFC 5227): whole Ethernet frames, tagged as the network is,
 * written at {@code outOffset}, where {@link #LENGTH_MAX} bytes must be free. Pure functions.
 */
public final class ArpResponder {
    public static final int LENGTH_MAX = EthernetHeader.LENGTH_MAX + ArpHeader.LENGTH;

    private ArpResponder() {}

    /**
     * Answers a request for one of our addresses. Who claims one of them itself gets no answer.
     *
     * @param offset where the ARP message begins, behind the Ethernet header
     * @return length of the frame written, or 0 when there is nothing to answer
     */
    public static int answer(
            GatewayAddresses gateway,
            DirectBuffer buffer,
            int offset,
            int length,
            MutableDirectBuffer out,
            int outOffset) {
        if (!ArpHeader.isValid(buffer, offset, length)
                || ArpHeader.operation(buffer, offset) != ArpHeader.REQUEST) {
            return 0;
        }
        int target = ArpHeader.targetAddress(buffer, offset);
        int asker = ArpHeader.senderAddress(buffer, offset);
        long askerMac = ArpHeader.senderMac(buffer, offset);
        if (!gateway.isOwn(target) || gateway.isOwn(asker) || askerMac == gateway.mac()) {
            return 0;
        }
        int header = writeEthernet(gateway, askerMac, out, outOffset);
        ArpHeader.write(
                out, outOffset + header, ArpHeader.REPLY, gateway.mac(), target, askerMac, asker);
        return header + ArpHeader.LENGTH;
    }

    /**
     * Asks who has an address of this network.
     *
     * @param knownMac whom to ask when only making sure (RFC 1122 §2.3.2.1 (2)), or {@link
     *     MacAddress#NONE} to ask everybody
     * @return length of the frame written, or 0 when we have no IPv4 address here
     */
    public static int request(
            GatewayAddresses gateway,
            int target,
            long knownMac,
            MutableDirectBuffer out,
            int outOffset) {
        int source = gateway.ipv4SourceFor(target);
        if (source == 0) {
            return 0;
        }
        long destination = knownMac == MacAddress.NONE ? MacAddress.BROADCAST : knownMac;
        return writeRequest(gateway, destination, source, target, out, outOffset);
    }

    /**
     * Gratuitous ARP for one of our addresses: an announcement as RFC 5227 §2.3 has it.
     *
     * @param index below {@link GatewayAddresses#ipv4Count()}
     * @return length of the frame written
     */
    public static int announce(
            GatewayAddresses gateway, int index, MutableDirectBuffer out, int outOffset) {
        int own = gateway.ipv4(index);
        return writeRequest(gateway, MacAddress.BROADCAST, own, own, out, outOffset);
    }

    private static int writeRequest(
            GatewayAddresses gateway,
            long destination,
            int source,
            int target,
            MutableDirectBuffer out,
            int outOffset) {
        int header = writeEthernet(gateway, destination, out, outOffset);
        ArpHeader.write(
                out,
                outOffset + header,
                ArpHeader.REQUEST,
                gateway.mac(),
                source,
                MacAddress.NONE,
                target);
        return header + ArpHeader.LENGTH;
    }

    private static int writeEthernet(
            GatewayAddresses gateway, long destination, MutableDirectBuffer out, int outOffset) {
        return EthernetHeader.write(
                out,
                outOffset,
                destination,
                gateway.mac(),
                gateway.vlanId(),
                EthernetHeader.ETHER_TYPE_ARP);
    }
}
