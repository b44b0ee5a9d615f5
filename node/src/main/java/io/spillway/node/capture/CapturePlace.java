package io.spillway.node.capture;

import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.PcapngWriter;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Where packets are copied: a point of the way, at one port or link. An interface of the capture
 * file.
 *
 * @param name of the port or link, or what tells places of one point apart; empty: it has one
 * @param form what is copied there
 * @param locals of datagrams, our {@link DatagramHeader#endpoint endpoints} by link; else null
 */
record CapturePlace(CapturePoint point, String name, Form form, UnsafeBuffer[] locals) {
    /** What a place has of packets. */
    enum Form {
        FRAME(PcapngWriter.ETHERNET),
        PACKET(PcapngWriter.RAW_IP),
        /** Of UDP; the headers that the kernel puts in front are made anew. */
        DATAGRAM(PcapngWriter.RAW_IP),
        OTHER(PcapngWriter.USER);

        private final int linkType;

        Form(int linkType) {
            this.linkType = linkType;
        }

        /** As files name it. */
        int linkType() {
            return linkType;
        }
    }

    /** As the file names it. */
    String label() {
        return name.isEmpty() ? point.label() : point.label() + " " + name;
    }
}
