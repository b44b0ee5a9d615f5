package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownSitesTest {
    private static final Site OWN = site(1, "branch");

    private final PeerDirectory directory = new PeerDirectory(OWN);

    private static Site site(long id, String name) {
        return new Site(id, name, SiteType.BRANCH, true, List.of(), true, PairScope.IN);
    }

    @Test
    void shouldTakeEveryNameForPossibleUntilThePopHasSpoken() {
        KnownSites names = KnownSites.of(directory);

        assertFalse(names.isTold());
        assertTrue(names.mayHave("datacentre"));
    }

    @Test
    void shouldKnowAllSitesOnceThePopHasSpoken() {
        directory.apply(1, List.of(OWN, site(2, "datacentre")));

        KnownSites names = KnownSites.of(directory);

        assertTrue(names.isTold());
        assertTrue(names.mayHave("datacentre"));
        assertTrue(names.mayHave("branch"), "one policy for all sites names its own too");
        assertFalse(names.mayHave("datacenter"));
        assertEquals(List.of("old"), names.missing(List.of("branch", "old", "datacentre")));
    }
}
