package io.spillway.node.policy;

import io.spillway.dataplane.firewall.Party;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a policy's words for parties mean at a PoP: {@code any}, {@code 10.1.0.0/16}, {@code
 * 10.1.0.5}, {@code 10.1.0.5-10.1.0.9}, the same of IPv6, {@code site london}, {@code site 1002}.
 */
final class SiteWords {
    static final String EXPECTED =
            "any, a prefix, an address, a range such as 10.1.0.5-10.1.0.9, site NAME, site ID, or an"
                    + " object's name (users and applications are not supported)";

    private static final Pattern SITE = Pattern.compile("site (\\S+)");

    private final SiteNames sites;

    SiteWords(SiteNames sites) {
        this.sites = sites;
    }

    /** Null: it is none of these, so perhaps a name. */
    Party of(String word) throws WordException {
        if (word.equals("any")) {
            return Party.ANYBODY;
        }
        Party there = site(word, sites);
        return there == null ? PartyWords.addresses(word, EXPECTED) : there;
    }

    /** Null: it names no site. */
    static Party site(String word, SiteNames sites) throws WordException {
        Matcher site = SITE.matcher(word);
        if (!site.matches()) {
            return null;
        }
        Party there = sites.party(site.group(1));
        if (there == null) {
            throw new WordException("the name or ID of one site that the PoP knows");
        }
        return there;
    }
}
