package io.spillway.node.pop;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.directory.PairScope;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.wire.Directory;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.SiteEntry;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of one moment as each site is to see it; what several sites see alike is made once.
 */
final class DirectoryFrames {
    /** A site as those see it that it has that relation to. */
    private record Seen(int index, PairScope scope) {}

    private final AccountPolicy policy;
    private final long generation;
    private final List<AttachedSite> sites;
    private final Site[] asSites;
    private final Map<Seen, SiteEntry> entries = new HashMap<>();

    /**
     * @param sites by their dense index; null where there is none
     */
    DirectoryFrames(AccountPolicy policy, long generation, List<AttachedSite> sites) {
        this.policy = policy;
        this.generation = generation;
        this.sites = sites;
        asSites = new Site[sites.size()];
    }

    Frame whole(long receiver) {
        Directory.Builder directory = Directory.newBuilder().setGeneration(generation);
        for (int index = 0; index < sites.size(); index++) {
            add(directory, receiver, index);
        }
        return Frame.newBuilder().setDirectory(directory).build();
    }

    /** Of those sites only; what it says of others stands. */
    Frame part(long receiver, BitSet indices) {
        Directory.Builder directory =
                Directory.newBuilder().setGeneration(generation).setPartial(true);
        indices.stream().forEach(index -> add(directory, receiver, index));
        return Frame.newBuilder().setDirectory(directory).build();
    }

    /**
     * Of whom only a tunnel is known yet nothing is said: without links, others would close what
     * they have to it.
     */
    private void add(Directory.Builder directory, long receiver, int index) {
        if (sites.get(index) == null) {
            return;
        }
        if (asSites[index] == null) {
            asSites[index] = sites.get(index).asSite();
        }
        if (!asSites[index].links().isEmpty()) {
            directory.addSites(entry(receiver, index));
        }
    }

    private SiteEntry entry(long receiver, int index) {
        Site allowed = policy.apply(receiver, asSites[index]);
        return entries.computeIfAbsent(
                new Seen(index, allowed.scope()), _ -> SiteMessages.entry(allowed));
    }
}
