package io.spillway.dataplane.firewall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Who a rule speaks of, at either end of a flow: hosts named by address, by where they are, by the
 * address of their card, or by their site; any of it suffices. Immutable.
 *
 * <p>Where a packet is going to is told by its address alone, so what is at a side is known by its
 * addresses too; a card's address says nothing of a destination.
 *
 * @param addresses of hosts
 * @param sides where they are, as {@link PacketKey#side} numbers it
 * @param sideAddresses all that are there
 * @param macs of their cards
 * @param sites IDs of the sites that have them; as a source known at a PoP only
 */
public record Party(
        ValueSet addresses, ValueSet sides, ValueSet sideAddresses, ValueSet macs, ValueSet sites) {
    public static final Party ANYBODY = at(ValueSet.ANY);
    public static final Party NOBODY = at(ValueSet.NONE);

    /** Of one site. */
    public Party(ValueSet addresses, ValueSet sides, ValueSet sideAddresses, ValueSet macs) {
        this(addresses, sides, sideAddresses, macs, ValueSet.NONE);
    }

    public static Party at(ValueSet addresses) {
        return new Party(addresses, ValueSet.NONE, ValueSet.NONE, ValueSet.NONE);
    }

    public static Party ofSites(ValueSet ids) {
        return new Party(ValueSet.NONE, ValueSet.NONE, ValueSet.NONE, ValueSet.NONE, ids);
    }

    /** All of them. */
    public static Party anyOf(Collection<Party> parties) {
        return new Party(
                union(parties, Party::addresses),
                union(parties, Party::sides),
                union(parties, Party::sideAddresses),
                union(parties, Party::macs),
                union(parties, Party::sites));
    }

    private static ValueSet union(Collection<Party> parties, Function<Party, ValueSet> part) {
        return ValueSet.anyOf(parties.stream().map(part).toList());
    }

    /** What a packet from them matches: one of these. */
    List<RuleMatch> asSource() {
        List<RuleMatch> matches = new ArrayList<>();
        if (!addresses.isEmpty()) {
            matches.add(RuleMatch.ANY.withSource(addresses));
        }
        if (!sides.isEmpty()) {
            matches.add(RuleMatch.ANY.withSide(sides));
        }
        if (!macs.isEmpty()) {
            matches.add(RuleMatch.ANY.withMac(macs));
        }
        if (!sites.isEmpty()) {
            matches.add(RuleMatch.ANY.withSourceSite(sites));
        }
        return matches;
    }

    /** What a packet to them matches: one of these. */
    List<RuleMatch> asDestination() {
        List<RuleMatch> matches = new ArrayList<>();
        ValueSet known = ValueSet.anyOf(List.of(addresses, sideAddresses));
        if (!known.isEmpty()) {
            matches.add(RuleMatch.ANY.withDestination(known));
        }
        if (!sites.isEmpty()) {
            matches.add(RuleMatch.ANY.withTargetSite(sites));
        }
        return matches;
    }
}
