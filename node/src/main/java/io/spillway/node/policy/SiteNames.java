package io.spillway.node.policy;

import io.spillway.dataplane.firewall.Party;

/** The sites that a policy may name. */
public interface SiteNames {
    /**
     * Who is there.
     *
     * @param name or ID
     * @return null: it is not to be named
     */
    Party party(String name);
}
