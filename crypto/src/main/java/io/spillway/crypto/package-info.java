/**
 * Who is who, and the keys of an association: authority and identities on disk, the judge of
 * certificates, sessions.
 *
 * <p>Start with {@link io.spillway.crypto.Session} for the data plane, {@link
 * io.spillway.crypto.Identity} and {@link io.spillway.crypto.PeerVerifier} for the rest.
 */
package io.spillway.crypto;
