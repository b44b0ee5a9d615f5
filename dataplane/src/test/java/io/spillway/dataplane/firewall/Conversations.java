package io.spillway.dataplane.firewall;

import io.spillway.dataplane.firewall.PlainPacket.Part;
import io.spillway.routing.fib.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What hosts say to each other in the order in which hosts do, so that the kernel's tracking has no
 * reason to doubt it: a TCP session begins with its handshake, only questions that came through are
 * answered. Each packet has an identification of its own.
 */
final class Conversations {
    private static final int OPEN_MAX = 24;
    private static final int FIRST_PORT = 20_000;

    /** A talk, and how far it came. */
    private static final class Talk {
        private final PlainPacket question;
        private PlainPacket last;
        private int passed;

        Talk(PlainPacket question) {
            this.question = question;
        }
    }

    private final SplittableRandom random;
    private final List<Talk> open = new ArrayList<>();
    private Talk asked;
    private int count;

    Conversations(SplittableRandom random) {
        this.random = random;
    }

    /** Packets to be sent one after the other: of a fragmented whole both, else one. */
    List<PlainPacket> next() {
        boolean isNew = open.isEmpty() || random.nextInt(3) == 0;
        asked = isNew ? begin() : open.get(random.nextInt(open.size()));
        PlainPacket packet = numbered(isNew ? asked.question : going(asked));
        if (!packet.isError()) {
            asked.last = packet;
        }
        boolean isCut = packet.protocol() != PlainPacket.TCP && random.nextInt(6) == 0;
        if (packet.isError() || !isCut) {
            return List.of(packet);
        }
        int number = packet.identification();
        return List.of(packet.withPart(Part.FIRST, number), packet.withPart(Part.LATER, number));
    }

    /** What was {@link #next} came through. */
    void passed(PlainPacket packet) {
        if (!packet.isError()) {
            asked.passed++;
        }
    }

    private PlainPacket numbered(PlainPacket packet) {
        return packet.withPart(Part.WHOLE, ++count);
    }

    private Talk begin() {
        Talk talk = new Talk(question());
        if (open.size() == OPEN_MAX) {
            open.remove(random.nextInt(OPEN_MAX));
        }
        open.add(talk);
        return talk;
    }

    private PlainPacket question() {
        boolean isIpv4 = random.nextInt(3) > 0;
        int from = random.nextInt(RandomTraffic.NETWORKS);
        int to = (from + random.nextInt(1, RandomTraffic.NETWORKS)) % RandomTraffic.NETWORKS;
        IpAddress source = host(isIpv4, from);
        int port = any(RandomTraffic.PORTS);
        int own = FIRST_PORT + count;
        return switch (random.nextInt(5)) {
            case 0 -> packet(from, source, host(isIpv4, to), PlainPacket.TCP, port, own);
            case 1 -> {
                int protocol = isIpv4 ? PlainPacket.ICMP : PlainPacket.ICMPV6;
                int type = isIpv4 ? any(new int[] {8, 8, 13, 17}) : 128;
                yield packet(from, source, host(isIpv4, to), protocol, type << 8, count);
            }
            case 2 -> packet(from, source, host(isIpv4, to), PlainPacket.ESP, 0, 0);
            default -> packet(from, source, host(isIpv4, to), PlainPacket.UDP, port, same(port));
        };
    }

    /** Often both ends have the same port. */
    private int same(int port) {
        return random.nextBoolean() ? port : any(RandomTraffic.PORTS);
    }

    private static PlainPacket packet(
            int network,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int number,
            int port) {
        return new PlainPacket(
                network,
                0,
                source,
                destination,
                protocol,
                number,
                port,
                PlainPacket.SYN,
                Part.WHOLE,
                0,
                null);
    }

    private PlainPacket going(Talk talk) {
        if (random.nextInt(6) == 0) {
            return error(talk);
        }
        PlainPacket question = talk.question;
        if (question.isIcmp()) {
            boolean isReply = talk.passed > 0 && random.nextBoolean();
            return isReply ? answer(question) : question;
        }
        if (question.protocol() != PlainPacket.TCP) {
            return random.nextBoolean() ? question : answer(question);
        }
        return switch (talk.passed) {
            case 0 -> question;
            case 1 -> answer(question).withFlags(PlainPacket.SYN | PlainPacket.ACK);
            case 2 -> question.withFlags(PlainPacket.ACK);
            default ->
                    (random.nextBoolean() ? question : answer(question)).withFlags(PlainPacket.ACK);
        };
    }

    private PlainPacket answer(PlainPacket to) {
        int number = to.sourcePort();
        int port = to.number();
        if (to.isIcmp()) {
            number = (to.source().isIpv4() ? (to.type() == 8 ? 0 : to.type() + 1) : 129) << 8;
            port = to.sourcePort();
        }
        return packet(
                RandomTraffic.network(to.destination()),
                to.destination(),
                to.source(),
                to.protocol(),
                number,
                port);
    }

    /** About what was said, or never was; to who said it, or another. */
    private PlainPacket error(Talk talk) {
        boolean isIpv4 = talk.question.source().isIpv4();
        PlainPacket about = random.nextInt(4) == 0 ? question() : talk.last;
        boolean isOfFamily = about.source().isIpv4() == isIpv4;
        PlainPacket quoted = isOfFamily ? about : talk.last;
        int network = RandomTraffic.network(quoted.destination());
        int target = RandomTraffic.network(quoted.source());
        return new PlainPacket(
                network,
                0,
                random.nextBoolean() ? quoted.destination() : host(isIpv4, network),
                random.nextInt(4) == 0 ? host(isIpv4, target) : quoted.source(),
                isIpv4 ? PlainPacket.ICMP : PlainPacket.ICMPV6,
                any(isIpv4 ? RandomTraffic.ERRORS_4 : RandomTraffic.ERRORS_6),
                0,
                0,
                Part.WHOLE,
                0,
                quoted);
    }

    private IpAddress host(boolean isIpv4, int network) {
        int host = RandomTraffic.FIRST_HOST + random.nextInt(RandomTraffic.HOSTS);
        return RandomTraffic.host(isIpv4, network, host);
    }

    private int any(int[] values) {
        return values[random.nextInt(values.length)];
    }
}
