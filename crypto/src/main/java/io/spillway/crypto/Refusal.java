package io.spillway.crypto;

/** Why a peer's certificate was not accepted. */
public enum Refusal {
    /** The peer showed no certificate, or something that is none. */
    NO_CERTIFICATE,
    /** The certificate was not signed by the account's authority. */
    UNKNOWN_AUTHORITY,
    /** The certificate belongs to another account. */
    FOREIGN_ACCOUNT,
    NOT_YET_VALID,
    EXPIRED,
    REVOKED,
    /** Signed by the authority, but it names neither a site nor a PoP. */
    NO_IDENTITY,
    /** A site where only a PoP is acceptable, or the other way round. */
    WRONG_ROLE
}
