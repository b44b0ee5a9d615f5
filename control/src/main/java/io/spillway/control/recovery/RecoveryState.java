package io.spillway.control.recovery;

/**
 * The best transport this site has as a whole; each peer has its own besides. Alt WAN is up while a
 * tunnel over it to any peer lives: then those peers go by it, and the others by recovery.
 *
 * <p>The whole table. Rows: from; columns: to; entries: what leads there, and what is done.
 *
 * <pre>
 * from \ to | START         | CLOUD              | ALT_WAN               | RECOVERY
 * ----------+---------------+--------------------+-----------------------+-----------------------
 * START     | cloud lost,   | CLOUD_ALIVE        | NO_CLOUD, Alt WAN up  | NO_CLOUD, Alt WAN down
 *           | Alt WAN comes | peers taken up as  | leave: what was saved | leave, the same
 *           | or goes:      | each is proven     | carries on, frozen    |
 *           | remembered    |                    |                       |
 * CLOUD     | never         | CLOUD_ALIVE again, | CLOUD_LOST, Alt WAN   | CLOUD_LOST, Alt WAN
 *           |               | Alt WAN comes or   | up: leave             | down: leave
 *           |               | goes: peers off    |                       |
 *           |               | the cloud follow   |                       |
 * ALT_WAN   | never         | CLOUD_ALIVE        | CLOUD_LOST, NO_CLOUD, | ALT_WAN_DOWN
 *           |               | come back          | ALT_WAN_UP: nothing   | move peers
 * RECOVERY  | never         | CLOUD_ALIVE        | ALT_WAN_UP            | CLOUD_LOST, NO_CLOUD,
 *           |               | come back          | move peers            | ALT_WAN_DOWN: nothing
 *
 * leave       tell the peers, freeze the routes, move every peer, probe the tunnels, all at once
 * come back   ask the PoP for its whole state; nothing else moves before each peer's own conditions
 *             hold ({@link ReturnCondition})
 * move peers  every peer that is off the cloud; routes stay frozen
 * </pre>
 *
 * <p>CLOUD_ALIVE and CLOUD_LOST are the data tunnels' word alone. The channel is in no row:
 *
 * <pre>
 * data  channel | state                  routes
 * alive alive   | CLOUD                  live
 * alive dead    | stays CLOUD            kept, marked stale; no peer returns until it is back
 * dead  alive   | ALT_WAN or RECOVERY    frozen; adverts wait; brokering and events go on
 * dead  dead    | ALT_WAN or RECOVERY    frozen
 * </pre>
 *
 * <p>NO_CLOUD comes in START only: no PoP tunnel lived within the start's grace, and there is
 * something to recover with: a saved directory, or a whole one received over the channel. A site
 * that <b>never had a cloud</b> and has neither stays in START.
 */
public enum RecoveryState {
    START,
    CLOUD,
    ALT_WAN,
    RECOVERY;

    /** What can change the state of a site. */
    public enum Trigger {
        /** The first PoP tunnel of any link lives. */
        CLOUD_ALIVE,
        /** The last one of every link is down. */
        CLOUD_LOST,
        /** The first peer is reached over it. */
        ALT_WAN_UP,
        /** The last one is not any more. */
        ALT_WAN_DOWN,
        NO_CLOUD
    }

    /** The table. {@code isAltWanUp}: after the trigger. */
    public RecoveryState next(Trigger trigger, boolean isAltWanUp) {
        RecoveryState withoutCloud = isAltWanUp ? ALT_WAN : RECOVERY;
        if (trigger == Trigger.CLOUD_ALIVE) {
            return CLOUD;
        }
        return switch (this) {
            case START -> trigger == Trigger.NO_CLOUD ? withoutCloud : START;
            case CLOUD -> trigger == Trigger.CLOUD_LOST ? withoutCloud : CLOUD;
            case ALT_WAN, RECOVERY -> withoutCloud;
        };
    }

    /** The cloud is lost: peers are told, routes are frozen. */
    public boolean isOffCloud() {
        return this == ALT_WAN || this == RECOVERY;
    }
}
