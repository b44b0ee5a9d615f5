package io.spillway.control.route;

/** Why something that a site told of its routes while they were frozen is not taken. */
public enum LiveRefusal {
    /** Live routes are switched off here. */
    SWITCHED_OFF,
    /** Who sends it is no site to which a tunnel lives, or it is another one's word. */
    FOREIGN,
    /** That site's routes are not frozen here: what a PoP says of them counts. */
    NOT_FROZEN,
    /** Longer than any statement may be. */
    TOO_LONG,
    /** We have a newer one of that site. */
    REPLAYED,
    /** Sooner after the one before than anybody's would follow. */
    TOO_SOON,
    /** The bytes are no statement. */
    MALFORMED,
    /** The account does not vouch for the certificate, or not for this site. */
    UNTRUSTED,
    /** The signature is not that of the certificate's key. */
    FORGED,
    /** More prefixes than one statement may have. */
    TOO_MANY,
    /** A prefix is announced and withdrawn at once. */
    CONTRADICTORY,
    /** Of one prefix: no site draws the Internet traffic of others to itself. */
    DEFAULT_ROUTE,
    /** Of one prefix: it lies in a network of our own. */
    OWN_NETWORK
}
