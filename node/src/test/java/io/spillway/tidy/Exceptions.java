package io.spillway.tidy;

import java.util.List;
import java.util.regex.Pattern;

/** What {@link TidyTest} lets pass, each by name. Add a line only with a reason that holds. */
final class Exceptions {

    /** Files of the packet's way, relative to the repository. */
    static final Pattern PACKETS_WAY =
            Pattern.compile(
                    "dataplane/src/main/java/.*|crypto/src/main/java/io/spillway/crypto/record/.*"
                            + "|routing/src/main/java/io/spillway/routing/fib/.*"
                            + "|native-tap/src/main/java/io/spillway/tap/(TapDevice|UdpSocket)\\.java");

    /** Among them, files that no packet passes; "Class: reason". */
    static final List<String> COLD_CLASSES =
            List.of(
                    "DataPlane: what control, status and tests hold of the agents",
                    "DataPlaneThreads: starts and ends them",
                    "DropTotals: for the status command",
                    "ShapingWiring: at start",
                    "RouteExplanation: for people, on control's thread",
                    "Rehearsal: for people, on control's thread",
                    "PolicyReview: for people, when they check a file",
                    "RuleReview: the same",
                    "Witness: the same",
                    "PcapngWriter: writes a capture file, in its own thread",
                    "CaptureRings: starts and ends a capture",
                    "NextHopTable: control's, when routes change",
                    "KnownAnswers: tries a cipher before it is used",
                    "IpsecMbFunctions: finds the library's functions, at start",
                    "LibCrypto: finds the library's functions; the calls are method handles",
                    "RecordCiphers: chooses a cipher at start",
                    "Ipv4Text: addresses as people write them",
                    "Ipv6Text: addresses as people write them");

    /** Methods no packet passes, in files that packets pass; "Class.method: reason". */
    static final List<String> COLD_METHODS =
            List.of(
                    "NewsRing.handOn: handshake datagrams leave the packets' way here",
                    "WanSide.onSendDatagram: handshake datagrams, from control",
                    "DataPlaneThread.join: control waits for the end",
                    "EventLoopKind.choose: at start",
                    "IpsecMbCipher.version: for people",
                    "MacAddress.format: for people",
                    "CapturePoint.of: of what people write",
                    "PacketPool.ofAgents: at start",
                    "Threading.describe: for people",
                    "IpAddress.refuse: the text of an exception",
                    "Fields.add: when a policy is put in force",
                    "Builder.add: the same, of the firewall's RuleSets",
                    "Builder.packed: the same",
                    "Builder.build: the same",
                    "NextHopSet.members: for people",
                    "SiteExit.forNewFlows: for people",
                    "SiteExit.own: for people");

    /** Class or Class.method that may copy bytes of a packet. At most {@link #COPIES_MAX}. */
    static final List<String> COPIES =
            List.of(
                    "JceCipher: the JDK's ciphers want arrays; used where no native library is",
                    "Relay: a relayed datagram is sealed twice, each time into another place",
                    "IcmpQuote: an ICMP error carries the head of the packet it is about",
                    "Ipv4Fragmenter: each fragment is a new packet in a slot of its own",
                    "Segmenter: each packet of a super-frame gets a header; payload is copied only where"
                            + " a slow link takes a super-frame in parts",
                    "FrameGather: a train gets one header; no payload is copied",
                    "CaptureRing: while somebody captures, packets are copied");

    static final int COPIES_MAX = 7;

    private Exceptions() {}
}
