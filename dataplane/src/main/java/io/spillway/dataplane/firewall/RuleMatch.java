package io.spillway.dataplane.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * What one rule asks of a packet that begins a flow; all of it must hold. Immutable.
 *
 * @param side where the packet came in, as the {@link PacketKey} numbers it
 * @param source address
 * @param destination address
 * @param service {@link PacketKey#service}
 * @param sourcePort of TCP and UDP, else 0
 * @param mac of the host that sent the frame, 48 bits; 0 where no frame came
 * @param sourceSite ID of the site that it comes from, 0 where nobody asks for it
 * @param targetSite the same of the one that it goes to
 */
public record RuleMatch(
        ValueSet side,
        ValueSet source,
        ValueSet destination,
        ValueSet service,
        ValueSet sourcePort,
        ValueSet mac,
        ValueSet sourceSite,
        ValueSet targetSite) {

    /** Matches every packet. */
    public static final RuleMatch ANY =
            new RuleMatch(
                    ValueSet.ANY,
                    ValueSet.ANY,
                    ValueSet.ANY,
                    ValueSet.ANY,
                    ValueSet.ANY,
                    ValueSet.ANY,
                    ValueSet.ANY,
                    ValueSet.ANY);

    /** Between the networks of one site. */
    public RuleMatch(
            ValueSet side,
            ValueSet source,
            ValueSet destination,
            ValueSet service,
            ValueSet sourcePort,
            ValueSet mac) {
        this(side, source, destination, service, sourcePort, mac, ValueSet.ANY, ValueSet.ANY);
    }

    RuleMatch withSide(ValueSet set) {
        return new RuleMatch(
                set, source, destination, service, sourcePort, mac, sourceSite, targetSite);
    }

    RuleMatch withSource(ValueSet set) {
        return new RuleMatch(
                side, set, destination, service, sourcePort, mac, sourceSite, targetSite);
    }

    RuleMatch withDestination(ValueSet set) {
        return new RuleMatch(side, source, set, service, sourcePort, mac, sourceSite, targetSite);
    }

    RuleMatch withService(ValueSet numbers, ValueSet sourcePorts) {
        return new RuleMatch(
                side, source, destination, numbers, sourcePorts, mac, sourceSite, targetSite);
    }

    RuleMatch withMac(ValueSet set) {
        return new RuleMatch(
                side, source, destination, service, sourcePort, set, sourceSite, targetSite);
    }

    RuleMatch withSourceSite(ValueSet set) {
        return new RuleMatch(side, source, destination, service, sourcePort, mac, set, targetSite);
    }

    RuleMatch withTargetSite(ValueSet set) {
        return new RuleMatch(side, source, destination, service, sourcePort, mac, sourceSite, set);
    }

    /** Asks what both ask. */
    public RuleMatch and(RuleMatch other) {
        return new RuleMatch(
                side.and(other.side),
                source.and(other.source),
                destination.and(other.destination),
                service.and(other.service),
                sourcePort.and(other.sourcePort),
                mac.and(other.mac),
                sourceSite.and(other.sourceSite),
                targetSite.and(other.targetSite));
    }

    /** A bit for each field of which it asks something. */
    int askedFields() {
        int bits = 0;
        List<ValueSet> fields =
                List.of(
                        source,
                        destination,
                        sourceSite,
                        targetSite,
                        side,
                        mac,
                        sourcePort,
                        service);
        for (ValueSet set : fields) {
            bits = bits << 1 | (set.isAny() ? 0 : 1);
        }
        return bits;
    }

    /** Whether any packet matches both. */
    boolean meets(RuleMatch other) {
        return source.meets(other.source)
                && destination.meets(other.destination)
                && service.meets(other.service)
                && side.meets(other.side)
                && sourcePort.meets(other.sourcePort)
                && mac.meets(other.mac)
                && sourceSite.meets(other.sourceSite)
                && targetSite.meets(other.targetSite);
    }

    /**
     * What matches this and not the other, in parts that no packet is in two of; none that is
     * empty.
     */
    List<RuleMatch> without(RuleMatch other) {
        List<RuleMatch> parts = new ArrayList<>();
        RuleMatch rest = this;
        add(parts, rest.withSource(source.without(other.source)));
        rest = rest.withSource(source.and(other.source));
        add(parts, rest.withDestination(destination.without(other.destination)));
        rest = rest.withDestination(destination.and(other.destination));
        add(parts, rest.withService(service.without(other.service), sourcePort));
        rest = rest.withService(service.and(other.service), sourcePort);
        add(parts, rest.withSide(side.without(other.side)));
        rest = rest.withSide(side.and(other.side));
        add(parts, rest.withMac(mac.without(other.mac)));
        rest = rest.withMac(mac.and(other.mac));
        add(parts, rest.withSourceSite(sourceSite.without(other.sourceSite)));
        rest = rest.withSourceSite(sourceSite.and(other.sourceSite));
        add(parts, rest.withTargetSite(targetSite.without(other.targetSite)));
        rest = rest.withTargetSite(targetSite.and(other.targetSite));
        add(parts, rest.withService(rest.service, sourcePort.without(other.sourcePort)));
        return parts;
    }

    private static void add(List<RuleMatch> parts, RuleMatch part) {
        if (!part.isEmpty()) {
            parts.add(part);
        }
    }

    /** Whether no packet can match. */
    public boolean isEmpty() {
        return side.isEmpty()
                || source.isEmpty()
                || destination.isEmpty()
                || service.isEmpty()
                || sourcePort.isEmpty()
                || mac.isEmpty()
                || sourceSite.isEmpty()
                || targetSite.isEmpty();
    }
}
