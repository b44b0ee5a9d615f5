package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whom the nodes of an account trust: one authority, or two while the next takes the place of the
 * one before, and what these have revoked. Immutable.
 *
 * <p>A <i>bundle</i> holds the authorities' own certificates, the one that issues first, and links:
 * the key of one, signed by another (RFC 4210, 4.4). Who trusts an authority accepts those it links
 * to. An authority that a newer one has on its revocation list is withdrawn for good.
 */
public final class Trust {
    /** Authorities and links; each roll-over adds one authority and two links. */
    public static final int BUNDLE_MAX = 16;

    private final List<X509Certificate> authorities;
    private final List<X509Certificate> links;
    private final List<X509CRL> lists;

    private Trust(
            List<X509Certificate> authorities, List<X509Certificate> links, List<X509CRL> lists) {
        this.authorities = List.copyOf(authorities);
        this.links = List.copyOf(links);
        this.lists = List.copyOf(lists);
    }

    /** That one alone; nothing is revoked. */
    public static Trust of(X509Certificate authority) {
        return new Trust(List.of(authority), List.of(), List.of());
    }

    /**
     * Takes a bundle as it is, from our own disk.
     *
     * @throws IdentityException when there is no authority in it, or a list is of none of them
     */
    static Trust of(Path file, List<X509Certificate> bundle, List<X509CRL> lists)
            throws IdentityException {
        List<X509Certificate> authorities =
                bundle.stream().filter(Certificates::isSelfSigned).toList();
        if (authorities.isEmpty()) {
            throw new IdentityException(file, "holds no authority's own certificate");
        }
        List<X509Certificate> links =
                bundle.stream().filter(link -> !authorities.contains(link)).toList();
        Trust trust = new Trust(authorities, links, List.of());
        for (X509CRL list : lists) {
            if (trust.ownerOf(list) == null) {
                Path crl = file.resolveSibling(IdentityFiles.REVOKED);
                throw new IdentityException(crl, "not signed by the authority in " + file);
            }
            trust = trust.with(list);
        }
        return trust;
    }

    /**
     * That of an identity's or an authority's directory.
     *
     * @throws IdentityException naming the file and what is wrong with it
     */
    public static Trust read(Path directory) throws IOException {
        Path file = directory.resolve(IdentityFiles.AUTHORITY);
        List<X509CRL> lists = new ArrayList<>();
        for (Path each : AuthorityFiles.directories(directory)) {
            lists.addAll(IdentityFiles.readCrls(each.resolve(IdentityFiles.REVOKED)));
        }
        return of(file, IdentityFiles.readCertificates(file), lists);
    }

    /** Writes it into an identity's directory. */
    void write(Path directory) throws IOException {
        Path file = directory.resolve(IdentityFiles.AUTHORITY);
        IdentityFiles.write(file, IdentityFiles.PUBLIC_MODE, bundlePem());
        if (!lists.isEmpty()) {
            Path crlFile = directory.resolve(IdentityFiles.REVOKED);
            IdentityFiles.write(crlFile, IdentityFiles.PUBLIC_MODE, listsPem());
        }
    }

    /** PEM text, for {@link Identity#install}. */
    public String bundlePem() throws IOException {
        return AuthorityFiles.pem(bundle());
    }

    /** PEM text, for {@link Identity#install}. */
    public String listsPem() throws IOException {
        StringBuilder text = new StringBuilder();
        for (X509CRL list : lists) {
            text.append(Pem.encode(Pem.CRL, Crls.encode(list)));
        }
        return text.toString();
    }

    /** Whether the directory's files say something else than this. */
    public boolean isOtherThanIn(Path directory) throws IOException {
        boolean isThere = Files.exists(directory.resolve(IdentityFiles.AUTHORITY));
        return !isThere || !isSameAs(read(directory));
    }

    /** The one that issues. */
    public X509Certificate issuer() {
        return authorities.getFirst();
    }

    /** The withdrawn too. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    /** As it travels: authorities, the one that issues first, and links. */
    public List<X509Certificate> bundle() {
        List<X509Certificate> bundle = new ArrayList<>(authorities);
        bundle.addAll(links);
        return bundle;
    }

    /** At most one of each authority. */
    public List<X509CRL> lists() {
        return lists;
    }

    public boolean isSameAs(Trust other) {
        return authorities.equals(other.authorities)
                && links.equals(other.links)
                && lists.equals(other.lists);
    }

    /** A newer authority, which is not withdrawn itself, has revoked it. */
    public boolean isWithdrawn(X509Certificate authority) {
        return authorities.stream()
                .filter(newer -> isNewer(newer, authority))
                .anyMatch(newer -> hasRevoked(newer, authority) && !isWithdrawn(newer));
    }

    private boolean hasRevoked(X509Certificate newer, X509Certificate authority) {
        return lists.stream()
                .filter(list -> list.getRevokedCertificate(authority.getSerialNumber()) != null)
                .anyMatch(list -> Crls.isSignedBy(list, newer));
    }

    static boolean isNewer(X509Certificate authority, X509Certificate other) {
        return authority.getNotBefore().after(other.getNotBefore());
    }

    /** The authority in force that signed it; null: none did. */
    X509Certificate signerOf(X509Certificate certificate) {
        for (X509Certificate authority : authorities) {
            if (Certificates.isSignedBy(certificate, authority) && !isWithdrawn(authority)) {
                return authority;
            }
        }
        return null;
    }

    /** By name; or its authority is withdrawn, or no authority's. */
    boolean isRevoked(X509Certificate certificate) {
        return isListed(certificate) || signerOf(certificate) == null;
    }

    /** By name. */
    boolean isListed(X509Certificate certificate) {
        return lists.stream().anyMatch(list -> list.isRevoked(certificate));
    }

    /** The authority whose list it is; null: none's. */
    X509Certificate ownerOf(X509CRL list) {
        return authorities.stream()
                .filter(authority -> Crls.isSignedBy(list, authority))
                .findFirst()
                .orElse(null);
    }

    /** With a newer list of one of the authorities; the same object for any other. */
    Trust with(X509CRL list) {
        X509Certificate owner = ownerOf(list);
        if (owner == null) {
            return this;
        }
        List<X509CRL> changed = new ArrayList<>(lists);
        for (int i = 0; i < lists.size(); i++) {
            X509CRL before = lists.get(i);
            if (!Crls.isSignedBy(before, owner)) {
                continue;
            }
            if (before.equals(list) || Crls.isOlder(list, before)) {
                return this;
            }
            changed.set(i, list);
            return new Trust(authorities, links, changed);
        }
        changed.add(list);
        return new Trust(authorities, links, changed);
    }

    /** With the lists of the other one that are newer than these: what is revoked stays so. */
    public Trust withNewerListsOf(Trust other) {
        Trust trust = this;
        for (X509CRL list : other.lists) {
            trust = trust.with(list);
        }
        return trust;
    }

    /**
     * With the authorities of a bundle from elsewhere that one in force here links to. Which one
     * issues moves to newer ones only: who tells of the past changes nothing.
     */
    Trust extendedBy(List<X509Certificate> bundle) {
        List<X509Certificate> accepted = new ArrayList<>(authorities);
        List<X509Certificate> proofs = new ArrayList<>(links);
        accepted.removeIf(this::isWithdrawn);
        for (int seen = 0; seen < accepted.size(); seen++) {
            X509Certificate truster = accepted.get(seen);
            for (X509Certificate link : bundle) {
                X509Certificate linked = linkedBy(link, truster, bundle);
                if (linked == null) {
                    continue;
                }
                if (!proofs.contains(link)) {
                    proofs.add(link);
                }
                if (!accepted.contains(linked) && !authorities.contains(linked)) {
                    accepted.add(linked);
                }
            }
        }
        authorities.stream().filter(each -> !accepted.contains(each)).forEach(accepted::add);
        if (accepted.size() + proofs.size() > BUNDLE_MAX) {
            return this;
        }
        return new Trust(ordered(accepted, bundle.getFirst()), proofs, lists);
    }

    /** The authority of the bundle that the truster's link is for; null: it is no such link. */
    private static X509Certificate linkedBy(
            X509Certificate link, X509Certificate truster, List<X509Certificate> bundle) {
        boolean isLink = link.getBasicConstraints() >= 0 && !Certificates.isSelfSigned(link);
        if (!isLink || !Certificates.isSignedBy(link, truster)) {
            return null;
        }
        return bundle.stream()
                .filter(Certificates::isSelfSigned)
                .filter(authority -> authority.getPublicKey().equals(link.getPublicKey()))
                .filter(authority -> Authority.isOfSameAccount(authority, truster))
                .findFirst()
                .orElse(null);
    }

    private List<X509Certificate> ordered(List<X509Certificate> accepted, X509Certificate told) {
        boolean isForward = accepted.contains(told) && !isNewer(issuer(), told);
        X509Certificate first = isForward ? told : issuer();
        List<X509Certificate> ordered = new ArrayList<>(accepted);
        ordered.sort(Comparator.comparing(authority -> authority != first));
        return ordered;
    }
}
