package io.spillway.routing.bgp;

import io.spillway.routing.rib.PrefixTable;
import java.util.Arrays;

/**
 * Tells one neighbour of an established session the best paths, and each change of them once. What
 * is due goes out in portions, sorted by attributes, so that prefixes that share them share a
 * message.
 */
final class Advertiser {
    /** Prefixes looked at for one portion. */
    private static final int PORTION = 8192;

    private final RouteTable routes;
    private final int owner;
    private final NeighbourConfig config;
    private final SessionTerms terms;
    private final NeighbourCounters counters;
    private final UpdateWriter writer;
    private final RouteReader ipv4 = new RouteReader(false);
    private final RouteReader ipv6 = new RouteReader(false);
    private final AttributeScratch scratch = new AttributeScratch();

    /** Number of the attributes in the upper half, slot in the lower. */
    private final long[] announced = new long[PORTION];

    private final int[] withdrawn = new int[PORTION];
    private int withdrawnCount;
    private boolean isIpv4EndDue;
    private boolean isIpv6EndDue;
    private boolean isDefaultDue;

    Advertiser(
            RouteTable routes,
            int owner,
            NeighbourConfig config,
            SessionTerms terms,
            boolean isEndWanted,
            MessageBuffer out,
            NeighbourCounters counters) {
        this.routes = routes;
        this.owner = owner;
        this.config = config;
        this.terms = terms;
        this.counters = counters;
        writer = new UpdateWriter(out, counters, config, terms);
        isDefaultDue = config.isDefaultOriginated();
        isIpv4EndDue = isEndWanted && terms.hasIpv4();
        isIpv6EndDue = isEndWanted && terms.hasIpv6();
        if (terms.hasIpv4()) {
            routes.family(true).open(ipv4);
        }
        if (terms.hasIpv6()) {
            routes.family(false).open(ipv6);
        }
    }

    void close() {
        routes.family(true).close(ipv4);
        routes.family(false).close(ipv6);
    }

    /** RFC 2918: everything of that family once more. */
    void refresh(boolean isIpv4) {
        if (terms.hasFamily(isIpv4)) {
            routes.family(isIpv4).markAll(reader(isIpv4));
            isDefaultDue = config.isDefaultOriginated();
        }
    }

    boolean isDue() {
        return isDefaultDue
                || isIpv4EndDue
                || isIpv6EndDue
                || ipv4.dueCount() > 0
                || ipv6.dueCount() > 0;
    }

    int toldCount() {
        return ipv4.toldCount() + ipv6.toldCount();
    }

    private RouteReader reader(boolean isIpv4) {
        return isIpv4 ? ipv4 : ipv6;
    }

    /** Writes one portion of what is due. */
    void write() {
        if (isDefaultDue) {
            isDefaultDue = false;
            writeDefault();
        }
        if (ipv4.dueCount() > 0) {
            writePortion(true);
        } else if (isIpv4EndDue) {
            isIpv4EndDue = false;
            writer.endOfRib(true);
        } else if (ipv6.dueCount() > 0) {
            writePortion(false);
        } else if (isIpv6EndDue) {
            isIpv6EndDue = false;
            writer.endOfRib(false);
        }
    }

    private void writeDefault() {
        scratch.reset();
        PathAttributes ours = new PathAttributes(scratch, 0, hop -> "");
        writeDefault(true, ours);
        writeDefault(false, ours);
    }

    private void writeDefault(boolean isIpv4, PathAttributes ours) {
        if (terms.hasFamily(isIpv4) && writer.beginAnnounce(ours, isIpv4, true)) {
            writer.announce(0, 0, 0);
            writer.closeAnnounce();
        }
    }

    private void writePortion(boolean isIpv4) {
        FamilyRoutes family = routes.family(isIpv4);
        RouteReader reader = reader(isIpv4);
        withdrawnCount = 0;
        int count = 0;
        for (int seen = 0; seen < PORTION && reader.dueCount() > 0; seen++) {
            int slot = reader.next();
            if (isTold(family, slot, isIpv4)) {
                announced[count++] = (long) family.bestAttributes(slot).id << 32 | slot;
            } else if (reader.isTold(slot)) {
                withdrawn[withdrawnCount++] = slot;
            } else {
                family.forgetUnused(slot);
            }
        }
        Arrays.sort(announced, 0, count);
        for (int at = 0; at < count; ) {
            at = writeGroup(at, count, isIpv4, family, reader);
        }
        writeWithdrawn(isIpv4, family, reader);
    }

    private boolean isTold(FamilyRoutes family, int slot, boolean isIpv4) {
        PathAttributes best = family.bestAttributes(slot);
        PrefixTable prefixes = family.prefixes();
        if (best == null || best.isNotAdvertised || best.isNotExported && terms.isExternal()) {
            return false;
        }
        PathOwner teller = family.bestOwner(slot);
        boolean isInternalOnly = teller.isNeighbour() && !teller.isExternal();
        int length = prefixes.length(slot);
        return teller.index() != owner
                && (terms.isExternal() || !isInternalOnly)
                && (length != 0 || !config.isDefaultOriginated())
                && config.advertise()
                        .permits(isIpv4, prefixes.high(slot), prefixes.low(slot), length);
    }

    /** Prefixes of one set, from {@code from} on; returns where the next set begins. */
    private int writeGroup(
            int from, int count, boolean isIpv4, FamilyRoutes family, RouteReader reader) {
        long id = announced[from] >>> 32;
        int first = (int) announced[from];
        PathAttributes set = family.bestAttributes(first);
        boolean isOwn = !family.bestOwner(first).isNeighbour();
        boolean hasRoom = writer.beginAnnounce(set, isIpv4, isOwn);
        PrefixTable prefixes = family.prefixes();
        int at = from;
        for (; at < count && announced[at] >>> 32 == id; at++) {
            int slot = (int) announced[at];
            if (hasRoom) {
                writer.announce(prefixes.high(slot), prefixes.low(slot), prefixes.length(slot));
                reader.told(slot, true);
            } else {
                counters.tooLong++;
                if (reader.isTold(slot)) {
                    withdrawn[withdrawnCount++] = slot;
                }
            }
        }
        if (hasRoom) {
            writer.closeAnnounce();
        }
        return at;
    }

    private void writeWithdrawn(boolean isIpv4, FamilyRoutes family, RouteReader reader) {
        if (withdrawnCount == 0) {
            return;
        }
        PrefixTable prefixes = family.prefixes();
        writer.beginWithdraw(isIpv4);
        for (int i = 0; i < withdrawnCount; i++) {
            int slot = withdrawn[i];
            writer.withdraw(prefixes.high(slot), prefixes.low(slot), prefixes.length(slot));
            reader.told(slot, false);
            family.forgetUnused(slot);
        }
        writer.closeWithdraw();
    }
}
