package io.spillway.routing.rib;

/**
 * What the {@link Rib} makes of a route now.
 *
 * @param inUse it is the one packets for exactly this prefix follow
 * @param frozen it is pinned since the PoP was lost
 * @param waiting news about it wait for the thaw of its site: an advert when not frozen, a
 *     withdrawal when frozen
 * @param stale the channel is down and it was not confirmed since; not said of frozen routes
 * @param live its site itself announced it since its routes were frozen, or withdrew it
 * @param reason why it is not in use, frozen, waiting, stale or live, for people; empty for a plain
 *     one
 */
public record RouteStatus(
        boolean inUse,
        boolean frozen,
        boolean waiting,
        boolean stale,
        boolean live,
        String reason) {
    /** Of a route of which no site told anything live. */
    RouteStatus(boolean inUse, boolean frozen, boolean waiting, boolean stale, String reason) {
        this(inUse, frozen, waiting, stale, false, reason);
    }

    /** Of the same route where another one is used. */
    RouteStatus lost(String why) {
        return new RouteStatus(false, frozen, waiting, stale, live, why);
    }
}
