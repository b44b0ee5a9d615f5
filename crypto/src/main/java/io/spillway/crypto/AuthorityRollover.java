package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The next authority of an account takes the place of the one before, in three steps by hand. Each
 * is one file replaced whole.
 *
 * <pre>
 *   begin       both are trusted, the old one issues   DIRECTORY/2/ is made, then authority.pem
 *   activate    both are trusted, the new one issues   authority.pem: the new one first
 *   end         the old one is withdrawn               DIRECTORY/2/revoked.crl: has the old one
 * </pre>
 */
public final class AuthorityRollover {
    private final Path root;
    private final InstantSource clock;

    public AuthorityRollover(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    /**
     * Makes the next authority. It and the one that issues vouch for each other.
     *
     * @throws IdentityException while another roll-over is under way
     */
    public Authority begin() throws IOException {
        Trust trust = Trust.read(root);
        if (inForce(trust).size() > 1) {
            throw refused("a roll-over is under way already");
        }
        Authority issuing = Authority.load(root, clock);
        Authority next = Authority.init(AuthorityFiles.next(root), issuing.account(), clock);
        List<X509Certificate> bundle = inForce(trust);
        bundle.add(next.certificate());
        bundle.add(issuing.linkTo(next));
        bundle.add(next.linkTo(issuing));
        addPast(trust, bundle);
        write(bundle);
        return next;
    }

    /** Those withdrawn stay known as such; old links lead nowhere any more. */
    private static void addPast(Trust trust, List<X509Certificate> bundle) {
        trust.authorities().stream()
                .filter(past -> !bundle.contains(past))
                .filter(_ -> bundle.size() < Trust.BUNDLE_MAX)
                .forEach(bundle::add);
    }

    /**
     * From now on the next authority issues.
     *
     * @return it
     * @throws IdentityException when there is none that waits
     */
    public Authority activate() throws IOException {
        Trust trust = Trust.read(root);
        X509Certificate next =
                inForce(trust).stream()
                        .filter(authority -> Trust.isNewer(authority, trust.issuer()))
                        .findFirst()
                        .orElseThrow(() -> refused("no next authority waits: begin first"));
        List<X509Certificate> bundle = trust.bundle();
        bundle.remove(next);
        bundle.addFirst(next);
        write(bundle);
        return Authority.load(root, clock);
    }

    /** Names of nodes whose last certificate is of an authority that is to be withdrawn. */
    public List<CertifiedName> unrenewed() throws IOException {
        List<IssuedCertificate> old = new ArrayList<>();
        for (Authority authority : older()) {
            old.addAll(authority.issued());
        }
        Set<String> renewed =
                Authority.load(root, clock).issued().stream()
                        .map(entry -> entry.name().uri())
                        .collect(Collectors.toSet());
        return old.stream()
                .filter(entry -> !entry.isRevoked())
                .filter(entry -> !clock.instant().isAfter(entry.notAfter()))
                .map(IssuedCertificate::name)
                .filter(name -> !renewed.contains(name.uri()))
                .distinct()
                .toList();
    }

    /**
     * Withdraws what was before the one that issues.
     *
     * @return those
     * @throws IdentityException when there is none
     */
    public List<Authority> end() throws IOException {
        List<Authority> older = older();
        if (older.isEmpty()) {
            throw refused("no older authority is in force");
        }
        Authority issuing = Authority.load(root, clock);
        for (Authority each : older) {
            issuing.withdraw(each);
        }
        return older;
    }

    private List<Authority> older() throws IOException {
        Trust trust = Trust.read(root);
        List<X509Certificate> inForce = inForce(trust);
        return Authority.all(root, clock).stream()
                .filter(authority -> inForce.contains(authority.certificate()))
                .filter(authority -> Trust.isNewer(trust.issuer(), authority.certificate()))
                .toList();
    }

    private static List<X509Certificate> inForce(Trust trust) {
        return trust.authorities().stream()
                .filter(authority -> !trust.isWithdrawn(authority))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void write(List<X509Certificate> bundle) throws IOException {
        Path file = root.resolve(IdentityFiles.AUTHORITY);
        IdentityFiles.write(file, IdentityFiles.PUBLIC_MODE, AuthorityFiles.pem(bundle));
    }

    private IdentityException refused(String why) {
        return new IdentityException(root, why);
    }
}
