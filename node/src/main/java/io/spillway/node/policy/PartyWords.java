package io.spillway.node.policy;

import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a policy's words for parties mean at one site: {@code any}, {@code 10.1.0.0/16}, {@code
 * 10.1.0.5}, {@code 10.1.0.5-10.1.0.9}, the same of IPv6, {@code network office}, {@code vlan 20},
 * {@code mac 02:00:00:00:00:07}, {@code site london}, {@code site 1002}.
 */
final class PartyWords {
    static final String EXPECTED =
            "any, a prefix, an address, a range such as 10.1.0.5-10.1.0.9, network NAME, vlan NUMBER,"
                    + " mac 02:00:00:00:00:07, site NAME, site ID, or an object's name";

    private static final Pattern NETWORK = Pattern.compile("network (\\S+)");
    private static final Pattern VLAN = Pattern.compile("vlan (\\d{1,4})");
    private static final Pattern MAC =
            Pattern.compile("mac ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})");
    private static final Pattern RANGE = Pattern.compile("([0-9a-fA-F.:]+)-([0-9a-fA-F.:]+)");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F.:]*:[0-9a-fA-F.:]*");
    private static final int HEX = 16;

    private final List<PolicySide> sides;
    private final SiteNames sites;

    PartyWords(List<PolicySide> sides, SiteNames sites) {
        this.sides = sides;
        this.sites = sites;
    }

    /** Null: it is none of these, so perhaps a name. */
    Party of(String word) throws WordException {
        if (word.equals("any")) {
            return Party.ANYBODY;
        }
        Matcher network = NETWORK.matcher(word);
        if (network.matches()) {
            return at(
                    side -> side.name().equals(network.group(1)),
                    "the name of a network of the site");
        }
        Matcher vlan = VLAN.matcher(word);
        if (vlan.matches()) {
            int number = Integer.parseInt(vlan.group(1));
            return at(side -> side.vlan() == number, "the VLAN of a network of the site");
        }
        Matcher mac = MAC.matcher(word);
        if (mac.matches()) {
            long number = Long.parseLong(mac.group(1).replace(":", ""), HEX);
            return new Party(
                    ValueSet.NONE, ValueSet.NONE, ValueSet.NONE, ValueSet.range(number, number));
        }
        Party site = SiteWords.site(word, sites);
        return site == null ? addresses(word, EXPECTED) : site;
    }

    private Party at(Predicate<PolicySide> isMeant, String expected) throws WordException {
        List<Party> parties = new ArrayList<>();
        for (PolicySide side : sides) {
            if (isMeant.test(side)) {
                ValueSet there =
                        ValueSet.anyOf(side.prefixes().stream().map(ValueSet::of).toList());
                ValueSet number = ValueSet.range(side.number(), side.number());
                parties.add(new Party(ValueSet.NONE, number, there, ValueSet.NONE));
            }
        }
        if (parties.isEmpty()) {
            throw new WordException(expected);
        }
        return Party.anyOf(parties);
    }

    /** Null: it is no address, range or prefix. */
    static Party addresses(String word, String expected) throws WordException {
        try {
            Matcher range = RANGE.matcher(word);
            if (range.matches()) {
                IpAddress first = IpAddress.parse(range.group(1));
                return Party.at(ValueSet.between(first, IpAddress.parse(range.group(2))));
            }
            if (word.indexOf('/') >= 0) {
                return Party.at(ValueSet.of(Prefix.parse(word)));
            }
            return ADDRESS.matcher(word).matches()
                    ? Party.at(ValueSet.of(Prefix.host(IpAddress.parse(word))))
                    : null;
        } catch (IllegalArgumentException e) {
            throw new WordException(expected);
        }
    }
}
