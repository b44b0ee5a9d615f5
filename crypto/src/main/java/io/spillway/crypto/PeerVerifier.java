package io.spillway.crypto;

import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Decides whether a certificate shown by a peer is one of the account's: signed by an authority, in
 * force now or leniently, not revoked, naming a site or a PoP of the account. Chains have exactly
 * one link, from the certificate to the authority; whatever else a peer sends along is not looked
 * at.
 *
 * <p>Thread safe. The trust may be replaced at any time and is shared with all verifiers made by
 * {@link #accepting}.
 */
public final class PeerVerifier {
    private final String account;
    private final InstantSource clock;
    private final Leniency leniency;
    private final Set<Role> roles;
    private final AtomicReference<Trust> trust;

    private PeerVerifier(
            String account,
            InstantSource clock,
            Leniency leniency,
            Set<Role> roles,
            AtomicReference<Trust> trust) {
        this.account = account;
        this.clock = clock;
        this.leniency = leniency;
        this.roles = roles;
        this.trust = trust;
    }

    /** Accepts sites and PoPs of the account; nothing is revoked yet. */
    public static PeerVerifier of(String account, X509Certificate authority, InstantSource clock) {
        return of(account, Trust.of(authority), clock);
    }

    /** Accepts sites and PoPs of the account. */
    public static PeerVerifier of(String account, Trust trust, InstantSource clock) {
        return new PeerVerifier(
                account,
                clock,
                Leniency.NONE,
                EnumSet.allOf(Role.class),
                new AtomicReference<>(trust));
    }

    /** The same verifier, sharing its revocation list, for peers of these roles only. */
    public PeerVerifier accepting(Role role, Role... others) {
        return new PeerVerifier(account, clock, leniency, EnumSet.of(role, others), trust);
    }

    /** The same verifier, sharing its revocation list, with another view of dates. */
    public PeerVerifier with(Leniency other) {
        return new PeerVerifier(account, clock, other, roles, trust);
    }

    /** In force now. */
    public Trust trust() {
        return trust.get();
    }

    /** Puts another one in force, whatever was before. */
    public void trust(Trust other) {
        trust.set(other);
    }

    /**
     * Puts a revocation list in force, unless a newer one of its authority is. Running associations
     * are not touched; ask {@link #isRevoked} for each.
     *
     * @return whether it is in force now, and was not before
     * @throws GeneralSecurityException when no authority of ours signed it
     */
    public boolean revoke(X509CRL list) throws GeneralSecurityException {
        Trust before = trust.get();
        if (before.ownerOf(list) == null) {
            Crls.requireSignedBy(list, before.issuer());
        }
        return before != trust.updateAndGet(now -> now.with(list));
    }

    /**
     * Trusts those authorities of a bundle too that one in force links to.
     *
     * @return whether that changed anything
     */
    public boolean extend(List<X509Certificate> bundle) {
        Trust before = trust.get();
        return !before.isSameAs(trust.updateAndGet(now -> now.extendedBy(bundle)));
    }

    /** Also where its authority is withdrawn. */
    public boolean isRevoked(X509Certificate certificate) {
        return trust.get().isRevoked(certificate);
    }

    /**
     * @param chain as shown by the peer, its own certificate first
     * @throws PeerRefusedException with the first reason found
     */
    public PeerIdentity verify(X509Certificate... chain) throws PeerRefusedException {
        if (chain == null || chain.length == 0) {
            throw new PeerRefusedException(
                    Refusal.NO_CERTIFICATE, "the peer showed no certificate");
        }
        X509Certificate certificate = chain[0];
        Trust trusted = trust.get();
        X509Certificate authority = requireSigner(trusted, certificate);
        CertifiedName name = CertifiedName.of(certificate);
        requireAccount(name);
        requireInForce(name, certificate, authority);
        if (trusted.isListed(certificate)) {
            throw new PeerRefusedException(
                    Refusal.REVOKED, "certificate " + serial(certificate) + " of " + name);
        }
        if (!roles.contains(name.role())) {
            throw new PeerRefusedException(
                    Refusal.WRONG_ROLE, name + " where one of " + roles + " was expected");
        }
        return PeerIdentity.of(name, certificate);
    }

    /** Whether {@link #verify} accepts the certificate, as that site's. */
    public boolean isOfSite(X509Certificate certificate, long siteId) {
        try {
            PeerIdentity peer = verify(certificate);
            return peer.role() == Role.SITE && peer.siteId() == siteId;
        } catch (PeerRefusedException e) {
            return false;
        }
    }

    private X509Certificate requireSigner(Trust trusted, X509Certificate certificate)
            throws PeerRefusedException {
        X509Certificate authority = trusted.signerOf(certificate);
        if (authority != null && certificate.getBasicConstraints() < 0) {
            return authority;
        }
        // The name is not proven here; it only makes the refusal more telling.
        String ours = CertifiedName.SCHEME + account + "/";
        for (String uri : CertifiedName.uris(certificate)) {
            if (!uri.startsWith(ours)) {
                throw new PeerRefusedException(
                        Refusal.FOREIGN_ACCOUNT, uri + ", expected account " + account);
            }
        }
        throw new PeerRefusedException(
                Refusal.UNKNOWN_AUTHORITY,
                "certificate of "
                        + certificate.getSubjectX500Principal()
                        + " was not issued by an authority in force of account "
                        + account);
    }

    private void requireAccount(CertifiedName name) throws PeerRefusedException {
        if (!name.account().equals(account)) {
            throw new PeerRefusedException(
                    Refusal.FOREIGN_ACCOUNT, name + ", expected account " + account);
        }
    }

    private void requireInForce(
            CertifiedName name, X509Certificate certificate, X509Certificate authority)
            throws PeerRefusedException {
        Instant now = clock.instant();
        boolean isEarly = now.isBefore(certificate.getNotBefore().toInstant());
        if (isEarly && !leniency.coversStart(certificate)) {
            throw new PeerRefusedException(
                    Refusal.NOT_YET_VALID,
                    name + ", valid from " + certificate.getNotBefore().toInstant());
        }
        for (X509Certificate link : new X509Certificate[] {certificate, authority}) {
            Instant end = link.getNotAfter().toInstant();
            if (now.isAfter(end) && !leniency.coversEnd(name, link, now)) {
                String whose = link == authority ? "authority of account " + account : "" + name;
                throw new PeerRefusedException(Refusal.EXPIRED, whose + ", expired " + end);
            }
        }
    }

    private static String serial(X509Certificate certificate) {
        return Certificates.serial(certificate.getSerialNumber());
    }
}
