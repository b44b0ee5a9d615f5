package io.spillway.dataplane.firewall;

import io.spillway.dataplane.firewall.PlainRules.Answer;
import io.spillway.dataplane.firewall.PlainRules.Question;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.IpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The twin of {@link LanFirewall}: rules walked one by one, flows in a map of plain objects, of
 * which none is ever forgotten.
 */
final class PlainFirewall {
    private static final long FRAGMENT_NS = 30_000_000_000L;

    /** Who speaks with whom, seen from one of them. */
    private record Talk(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            int protocol,
            String about) {
        Talk reversed() {
            return new Talk(destination, destinationPort, source, sourcePort, protocol, about);
        }
    }

    /** A whole that comes in parts. */
    private record Whole(
            IpAddress source, IpAddress destination, int protocol, int identification) {}

    private record Begun(Flow flow, long sinceNs) {}

    private static final class Flow {
        private Talk begun;
        private int policy; // it was decided by; 0: none
        private int routes;
        private Answer answer; // null: it does not go from network to network
        private boolean hasPassed;

        Flow(Talk begun) {
            this.begun = begun;
        }
    }

    /** What becomes of a packet. */
    record Verdict(DropReason drop, boolean isByPop) {
        static final Verdict PASS = new Verdict(null, false);
        static final Verdict BY_POP = new Verdict(null, true);

        static Verdict drop(DropReason reason) {
            return new Verdict(reason, false);
        }
    }

    /** Which networks an address is in, by the routes in force. */
    interface Routes {
        /** Number of the network here, or negative. */
        int network(IpAddress address);
    }

    private final Routes networks;
    private final Map<Talk, Flow> flows = new HashMap<>();
    private final Map<Whole, Begun> wholes = new HashMap<>();
    private final Set<Talk> byPop = new HashSet<>();
    private List<PlainRules.Network> rules; // null: none
    private int policy = 1;
    private int routes = 1;
    private boolean isOpenWithoutCloud;
    private boolean hasCloud = true;

    private final Map<String, Integer> counted = new HashMap<>();
    private final Map<String, Integer> blocked = new HashMap<>();

    PlainFirewall(Routes networks) {
        this.networks = networks;
    }

    void publish(List<PlainRules.Network> others, boolean isOpen) {
        rules = others;
        isOpenWithoutCloud = isOpen;
        policy++;
        counted.clear();
        blocked.clear();
    }

    void routesChanged() {
        routes++;
    }

    void cloud(boolean isThere) {
        hasCloud = isThere;
    }

    /** New flows about which the rules of that name decided, since the policy is in force. */
    int flows(String name) {
        return counted.getOrDefault(name, 0);
    }

    /** Packets that died by them. */
    int blocked(String name) {
        return blocked.getOrDefault(name, 0);
    }

    Verdict judge(PlainPacket packet, long nowNs) {
        Talk talk = talk(packet);
        if (packet.network() == PlainPacket.FROM_POP && networks.network(packet.source()) >= 0) {
            return byPop.contains(talk)
                    ? Verdict.PASS
                    : Verdict.drop(DropReason.SOURCE_NOT_FROM_PEER);
        }
        boolean isPartOfAnother = packet.isError() || packet.part() == PlainPacket.Part.LATER;
        Flow flow = isPartOfAnother ? null : flow(talk);
        if (rules == null || packet.network() < 0) {
            return Verdict.PASS;
        }
        boolean leadsHere = networks.network(packet.destination()) >= 0;
        if (isPartOfAnother) {
            return leadsHere ? judgePart(packet, talk, nowNs) : Verdict.PASS;
        }
        if (packet.part() == PlainPacket.Part.FIRST) {
            wholes.put(whole(packet), new Begun(flow, nowNs));
        }
        Answer answer = isInForce(flow) ? flow.answer : decide(packet, talk, flow, leadsHere);
        if (answer == null) {
            return Verdict.PASS;
        }
        if (drop(answer) != null && takesOver(packet, talk, flow, leadsHere)) {
            answer = flow.answer;
        }
        return verdict(answer, talk, flow);
    }

    private Flow flow(Talk talk) {
        Flow known = find(talk);
        return known == null ? flows.computeIfAbsent(talk, Flow::new) : known;
    }

    private Flow find(Talk talk) {
        Flow flow = flows.get(talk);
        return flow == null ? flows.get(talk.reversed()) : flow;
    }

    private boolean isInForce(Flow flow) {
        return flow.policy == policy && flow.routes == routes;
    }

    /** Errors go with what they are about, later fragments with the first. */
    private Verdict judgePart(PlainPacket packet, Talk talk, long nowNs) {
        DropReason alone;
        Flow flow = null;
        if (packet.isError()) {
            alone = DropReason.FIREWALL_UNRELATED_ERROR;
            PlainPacket quoted = packet.quoted();
            boolean isQuoted =
                    quoted != null
                            && quoted.part() != PlainPacket.Part.LATER
                            && (quoted.source().isIpv4()
                                    || quoted.part() == PlainPacket.Part.WHOLE);
            if (isQuoted && quoted.source().equals(packet.destination())) {
                flow = find(talk(quoted));
            }
        } else {
            alone = DropReason.FIREWALL_FRAGMENT_UNKNOWN;
            Begun begun = wholes.get(whole(packet));
            flow = begun != null && nowNs - begun.sinceNs < FRAGMENT_NS ? begun.flow : null;
        }
        boolean isGoverned = flow != null && flow.policy == policy && flow.answer != null;
        return isGoverned ? verdict(flow.answer, talk, null) : Verdict.drop(alone);
    }

    private Answer decide(PlainPacket packet, Talk talk, Flow flow, boolean leadsHere) {
        if (!leadsHere) {
            decided(flow, null);
            return null;
        }
        boolean isAnswer = !talk.equals(flow.begun);
        boolean wasGoverned = flow.policy == policy && flow.answer != null;
        if (isAnswer && wasGoverned) {
            return flow.answer;
        }
        Answer answer = PlainRules.walk(rules, isAnswer ? question(packet) : asked(packet));
        if (isAnswer && !answer.isAllowed()) {
            return answer;
        }
        boolean isFirst = flow.answer == null; // of those that the rules speak of
        if (isFirst && isMidstream(packet) && !answer.isAllowed()) {
            Answer other = PlainRules.walk(rules, question(packet));
            if (other.isAllowed()) {
                flow.begun = talk.reversed();
                answer = other;
            }
        }
        decided(flow, answer);
        if (!wasGoverned) {
            counted.merge(answer.name(), 1, Integer::sum);
        }
        return answer;
    }

    private void decided(Flow flow, Answer answer) {
        flow.policy = policy;
        flow.routes = routes;
        flow.answer = answer;
        flow.hasPassed |= answer != null && answer.isAllowed();
    }

    private boolean takesOver(PlainPacket packet, Talk talk, Flow flow, boolean leadsHere) {
        if (talk.equals(flow.begun) || isMidstream(packet) || !leadsHere) {
            return false;
        }
        Answer own = PlainRules.walk(rules, asked(packet));
        if (own.isAllowed() || !flow.hasPassed && drop(own) == null) {
            flow.begun = talk;
            decided(flow, own);
            counted.merge(own.name(), 1, Integer::sum);
            return true;
        }
        return false;
    }

    private Verdict verdict(Answer answer, Talk talk, Flow flow) {
        DropReason drop = drop(answer);
        if (drop != null) {
            blocked.merge(answer.name(), 1, Integer::sum);
            return Verdict.drop(drop);
        }
        if (flow != null) {
            flow.hasPassed = true;
        }
        if (answer.staysHere() || !hasCloud) {
            return Verdict.PASS;
        }
        byPop.add(talk);
        byPop.add(talk.reversed());
        return Verdict.BY_POP;
    }

    private DropReason drop(Answer answer) {
        if (answer.staysHere()) {
            return answer.isAllowed() ? null : DropReason.FIREWALL_BLOCKED;
        }
        return hasCloud || isOpenWithoutCloud ? null : DropReason.FIREWALL_NO_CLOUD;
    }

    private static boolean isMidstream(PlainPacket packet) {
        return packet.protocol() == PlainPacket.TCP && (packet.flags() & PlainPacket.SYN) == 0;
    }

    // ---- what rules ask, and what flows are known by

    private static Question asked(PlainPacket packet) {
        boolean hasNumber = packet.hasPorts() || packet.isIcmp();
        return new Question(
                packet.network(),
                packet.mac(),
                packet.source(),
                packet.destination(),
                packet.protocol(),
                hasNumber ? packet.number() : 0,
                packet.hasPorts() ? packet.sourcePort() : 0);
    }

    /** What this one answers; whose card sent that is not known. */
    private Question question(PlainPacket packet) {
        int number = packet.hasPorts() ? packet.sourcePort() : 0;
        if (packet.isIcmp()) {
            number = typeOfQuestion(packet) << 8 | packet.number() & 0xFF;
        }
        return new Question(
                networks.network(packet.destination()),
                0,
                packet.destination(),
                packet.source(),
                packet.protocol(),
                number,
                packet.hasPorts() ? packet.number() : 0);
    }

    private static Talk talk(PlainPacket packet) {
        boolean isLater = packet.part() == PlainPacket.Part.LATER;
        int sourcePort = 0;
        int destinationPort = 0;
        String about = isLater ? "later" : "";
        if (!isLater && packet.hasPorts()) {
            sourcePort = packet.sourcePort();
            destinationPort = packet.number();
        } else if (!isLater && packet.isIcmp()) {
            int type = typeOfQuestion(packet);
            about = "type " + type;
            if (isQuestion(packet, type)) {
                sourcePort = packet.sourcePort();
                destinationPort = packet.sourcePort();
            } else {
                about += " code " + (packet.number() & 0xFF);
            }
        }
        return new Talk(
                packet.source(),
                sourcePort,
                packet.destination(),
                destinationPort,
                packet.protocol(),
                about);
    }

    private static int typeOfQuestion(PlainPacket packet) {
        int type = packet.type();
        if (!packet.source().isIpv4()) {
            return type == 129 ? 128 : type;
        }
        return switch (type) {
            case 0 -> 8;
            case 14, 16, 18 -> type - 1;
            default -> type;
        };
    }

    private static boolean isQuestion(PlainPacket packet, int type) {
        return packet.source().isIpv4()
                ? type == 8 || type == 13 || type == 15 || type == 17
                : type == 128;
    }

    private static Whole whole(PlainPacket packet) {
        return new Whole(
                packet.source(),
                packet.destination(),
                packet.source().isIpv4() ? packet.protocol() : 0,
                packet.identification());
    }
}
