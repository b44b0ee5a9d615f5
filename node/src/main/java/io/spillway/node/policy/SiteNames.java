package io.spillway.node.policy;

import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.ValueSet;

/** The sites that a policy may name. */
public interface SiteNames {
    /**
     * Who is there.
     *
     * @param name or ID
     * @return null: it is not to be named
     */
    Party party(String name);

    /** For who does not know them: each name is that of a site of its own. */
    static Party any(String name) {
        long id = Integer.toUnsignedLong(name.hashCode());
        return Party.ofSites(ValueSet.range(id, id));
    }
}
