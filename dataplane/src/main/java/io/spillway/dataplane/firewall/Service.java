package io.spillway.dataplane.firewall;

/**
 * One kind of traffic that a rule speaks of. Immutable.
 *
 * @param numbers of protocols with destination ports, or ICMP types and codes ({@link
 *     PacketKey#service})
 * @param sourcePorts of TCP and UDP
 */
public record Service(ValueSet numbers, ValueSet sourcePorts) {
    public static final Service ANY = new Service(ValueSet.ANY, ValueSet.ANY);

    RuleMatch match() {
        return RuleMatch.ANY.withService(numbers, sourcePorts);
    }
}
