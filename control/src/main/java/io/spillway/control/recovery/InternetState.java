package io.spillway.control.recovery;

/**
 * How traffic to the Internet leaves a site (R015, R058, F12), with all its transitions. What
 * carries traffic between sites is of no matter to it: that has a state of its own, {@link
 * RecoveryState}.
 *
 * <pre>
 * state     | CLOUD_ALIVE  | CLOUD_LOST   | NO_CLOUD    | CLOUD_TRUSTED | WAY_OPEN | WAY_CLOSED
 * ----------+--------------+--------------+-------------+---------------+----------+-----------
 * START     | CLOUD        | START        | DIRECT, or  | START         | START    | START
 *           |              |              | CUT_OFF     |               |          |
 * CLOUD     | CLOUD        | DIRECT, or   | CLOUD       | CLOUD         | CLOUD    | CLOUD
 *           |              | CUT_OFF      |             |               |          |
 * DIRECT    | RETURNING    | DIRECT       | DIRECT      | DIRECT        | DIRECT   | CUT_OFF
 * RETURNING | RETURNING    | DIRECT       | RETURNING   | CLOUD         | RETURNING| CLOUD
 * CUT_OFF   | CLOUD        | CUT_OFF      | CUT_OFF     | CUT_OFF       | DIRECT   | CUT_OFF
 *
 * START      nothing is known yet; packets go by the cloud as soon as it is there
 * CLOUD      by the PoP
 * DIRECT     by a link of our own: Internet Recovery
 * RETURNING  the same, while the cloud that is back proves itself
 * CUT_OFF    not at all
 * </pre>
 *
 * <p>Of two targets the first holds where a way of our own is open. NO_CLOUD comes in START only.
 */
public enum InternetState {
    START,
    CLOUD,
    DIRECT,
    RETURNING,
    CUT_OFF;

    /** What can change the state. */
    public enum Trigger {
        /** The first PoP tunnel of any link lives. */
        CLOUD_ALIVE,
        /** The last one of every link is down. */
        CLOUD_LOST,
        /** No PoP tunnel lived within the start's grace. */
        NO_CLOUD,
        /** It lives, the PoP knows us, and the back-off is over. */
        CLOUD_TRUSTED,
        /** A link of our own leads out, and may. */
        WAY_OPEN,
        /** None does any more. */
        WAY_CLOSED
    }

    /** The table. {@code isWayOpen}: after the trigger. */
    public InternetState next(Trigger trigger, boolean isWayOpen) {
        InternetState withoutCloud = isWayOpen ? DIRECT : CUT_OFF;
        return switch (this) {
            case START ->
                    switch (trigger) {
                        case CLOUD_ALIVE -> CLOUD;
                        case NO_CLOUD -> withoutCloud;
                        default -> START;
                    };
            case CLOUD -> trigger == Trigger.CLOUD_LOST ? withoutCloud : CLOUD;
            case DIRECT ->
                    switch (trigger) {
                        case CLOUD_ALIVE -> RETURNING;
                        case WAY_CLOSED -> CUT_OFF;
                        default -> DIRECT;
                    };
            case RETURNING ->
                    switch (trigger) {
                        case CLOUD_LOST -> withoutCloud;
                        case CLOUD_TRUSTED, WAY_CLOSED -> CLOUD;
                        default -> RETURNING;
                    };
            case CUT_OFF ->
                    switch (trigger) {
                        case CLOUD_ALIVE -> CLOUD;
                        case WAY_OPEN -> DIRECT;
                        default -> CUT_OFF;
                    };
        };
    }

    /** Packets leave by a link of our own. */
    public boolean isDirect() {
        return this == DIRECT || this == RETURNING;
    }
}
