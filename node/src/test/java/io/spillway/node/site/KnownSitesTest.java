package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.node.policy.RuleSites;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownSitesTest {
    private static final Site OWN = site(1, "branch");

    private final PeerDirectory directory = new PeerDirectory(OWN);

    private static Site site(long id, String name) {
        return new Site(id, name, SiteType.BRANCH, true, List.of(), true, PairScope.IN);
    }

    @Test
    void shouldNotTakeTheDirectoryForWholeUntilThePopHasSpoken() {
        assertFalse(KnownSites.of(directory).isTold());
    }

    /** One policy for all sites names our own, too. */
    @Test
    void shouldKnowAllSitesOnceThePopHasSpoken() {
        directory.apply(1, List.of(OWN, site(2, "datacentre")));

        KnownSites known = KnownSites.of(directory);

        assertTrue(known.isTold());
        assertEquals(
                Set.of(new RuleSites.Known(1, "branch"), new RuleSites.Known(2, "datacentre")),
                Set.copyOf(known.sites()));
    }
}
