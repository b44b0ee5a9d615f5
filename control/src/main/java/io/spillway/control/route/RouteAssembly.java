package io.spillway.control.route;

import io.spillway.control.wire.Nlri;
import io.spillway.control.wire.RoutePart;
import io.spillway.routing.rib.PrefixSet;

/**
 * Puts the parts of a change together, as they come on one channel. Owned by control.
 *
 * <p>Holds one change at a time: a first part ends an earlier change that is not whole. Bad input:
 * parts that do not follow each other are refused once, and what comes after them until the next
 * first part is left out; so are more prefixes than a site may have.
 */
public final class RouteAssembly {
    /** What became of a part. */
    public enum Result {
        /** Others are to come. */
        INCOMPLETE,
        /** It was the last one: {@link #change} is there. */
        COMPLETE,
        /** It does not follow the one before: the sender is to be asked for the whole. */
        UNFIT,
        TOO_MANY
    }

    private final int sizeMax;
    private long siteId; // 0: what comes is left out
    private RoutePart previous;
    private PrefixSet.Builder withdrawn;
    private PrefixSet.Builder announced;
    private RouteChange change;

    /**
     * @param sizeMax prefixes that are withdrawn or announced at once
     */
    public RouteAssembly(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    /** {@code part} has passed the codec. */
    public Result take(long ofSite, RoutePart part) {
        if (part.getNumber() == 0) {
            siteId = ofSite;
            withdrawn = new PrefixSet.Builder();
            announced = new PrefixSet.Builder();
        } else if (siteId == 0) {
            return Result.INCOMPLETE;
        } else if (ofSite != siteId || !follows(part)) {
            return end(Result.UNFIT);
        }
        previous = part.toBuilder().clearWithdrawn().clearAnnounced().build();
        boolean isInOrder =
                Nlri.decode(part.getWithdrawn(), withdrawn)
                        & Nlri.decode(part.getAnnounced(), announced);
        if (!isInOrder) {
            return end(Result.UNFIT);
        }
        if (withdrawn.size() > sizeMax || announced.size() > sizeMax) {
            return end(Result.TOO_MANY);
        }
        return part.getLast() ? complete() : Result.INCOMPLETE;
    }

    private boolean follows(RoutePart part) {
        return part.getNumber() == previous.getNumber() + 1
                && part.getGeneration() == previous.getGeneration()
                && part.getBase() == previous.getBase();
    }

    private Result complete() {
        change =
                new RouteChange(
                        previous.getBase(),
                        previous.getGeneration(),
                        withdrawn.build(),
                        announced.build());
        return end(Result.COMPLETE);
    }

    private Result end(Result result) {
        siteId = 0;
        withdrawn = null;
        announced = null;
        return result;
    }

    /** The last one that was complete; gives it away. */
    public RouteChange change() {
        RouteChange taken = change;
        change = null;
        return taken;
    }
}
