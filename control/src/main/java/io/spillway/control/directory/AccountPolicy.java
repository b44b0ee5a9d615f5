package io.spillway.control.directory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an account allows its sites: topology, switches, regions. Immutable.
 *
 * @param hubs of hub and spoke; every other site is a spoke
 * @param isRecoveryOn for sites that say nothing of their own (F01)
 * @param sites those that differ
 */
public record AccountPolicy(
        Topology topology,
        Set<Long> hubs,
        boolean isRecoveryOn,
        China china,
        Map<Long, Rule> sites) {
    /** Who has tunnels to whom (R006, R008). */
    public enum Topology {
        FULL_MESH,
        HUB_AND_SPOKE
    }

    /** Tunnels of sites in China (D51). */
    public enum China {
        /** Among themselves. */
        DOMESTIC_MESH,
        /** To nobody. */
        NONE,
        /** As everywhere else. */
        FULL
    }

    /**
     * @param isRecoveryOn null: as the account
     */
    public record Rule(Boolean isRecoveryOn, boolean isInChina) {}

    /** How a site's Y changes with a policy. */
    public record Change(String site, List<String> before, List<String> after) {
        public List<String> gained() {
            return after.stream().filter(peer -> !before.contains(peer)).toList();
        }

        public List<String> lost() {
            return before.stream().filter(peer -> !after.contains(peer)).toList();
        }
    }

    private static final Rule NO_RULE = new Rule(null, false);

    /** Everybody with everybody (R004, R006). */
    public static final AccountPolicy FULL_MESH =
            new AccountPolicy(Topology.FULL_MESH, Set.of(), true, China.DOMESTIC_MESH, Map.of());

    public AccountPolicy {
        hubs = Set.copyOf(hubs);
        sites = Map.copyOf(sites);
    }

    public boolean isHub(long siteId) {
        return topology == Topology.FULL_MESH || hubs.contains(siteId);
    }

    public PairScope scope(long one, long other) {
        if (!isHub(one) && !isHub(other)) {
            return PairScope.TOPOLOGY;
        }
        boolean isOneInChina = rule(one).isInChina();
        boolean isOtherInChina = rule(other).isInChina();
        boolean isAllowed =
                switch (china) {
                    case FULL -> true;
                    case NONE -> !isOneInChina && !isOtherInChina;
                    case DOMESTIC_MESH -> isOneInChina == isOtherInChina;
                };
        return isAllowed ? PairScope.IN : PairScope.REGION;
    }

    /** {@code site} as {@code receiver} is to see it. */
    public Site apply(long receiver, Site site) {
        Boolean own = rule(site.id()).isRecoveryOn();
        boolean isOn = own == null ? isRecoveryOn : own;
        PairScope scope = site.id() == receiver ? PairScope.IN : scope(receiver, site.id());
        return site.with(site.recoveryEnabled() && isOn, scope);
    }

    /** What this policy changes among those sites, compared with another one in force. */
    public List<Change> changesFrom(AccountPolicy before, Collection<Site> all) {
        return all.stream()
                .map(site -> new Change(site.name(), before.peers(site, all), peers(site, all)))
                .toList();
    }

    /** Names of those that the site has tunnels to: its Y. */
    private List<String> peers(Site site, Collection<Site> all) {
        if (!apply(site.id(), site).isRecoverable()) {
            return List.of();
        }
        return all.stream()
                .filter(other -> other.id() != site.id())
                .map(other -> apply(site.id(), other))
                .filter(Site::isRecoverable)
                .map(Site::name)
                .toList();
    }

    private Rule rule(long siteId) {
        return sites.getOrDefault(siteId, NO_RULE);
    }
}
