package io.spillway.node.pop;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sites as the PoP's memory has them, and when it is written again. Owned by control. */
final class SavedSites {
    private static final Logger LOG = LoggerFactory.getLogger(SavedSites.class);

    /** Between two writes. */
    private static final long INTERVAL_NS = 1_000_000_000L;

    private final PopMemory memory;
    private final Executor files;
    private final SiteRegister sites;
    private boolean isDue;
    private long nextNs;

    /**
     * @param files may block
     */
    SavedSites(PopMemory memory, Executor files, SiteRegister sites, long nowNs) {
        this.memory = memory;
        this.files = files;
        this.sites = sites;
        nextNs = nowNs;
    }

    /** Makes known whom we knew when we ended. */
    void restore() {
        for (PopMemory.Remembered known : memory.sites()) {
            AttachedSite site = sites.site(known.id(), known.name());
            if (site != null) {
                site.describe(known.name(), known.type(), known.links(), known.recoveryEnabled());
            }
        }
    }

    /** A site is another than it was. */
    void due() {
        isDue = true;
    }

    void saveIfDue(long generation, long nowNs) {
        if (!isDue || nowNs - nextNs < 0) {
            return;
        }
        isDue = false;
        nextNs = nowNs + INTERVAL_NS;
        List<PopMemory.Remembered> remembered =
                sites.all().stream()
                        .map(AttachedSite::asSite)
                        .map(PopMemory.Remembered::of)
                        .toList();
        files.execute(() -> save(generation, remembered));
    }

    private void save(long generation, List<PopMemory.Remembered> remembered) {
        try {
            memory.save(generation, remembered);
        } catch (IOException e) {
            LOG.error("sites not saved: {}", e.getMessage());
        }
    }
}
