package io.spillway.crypto;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Who a certificate says its holder is. It is carried as one URI among the certificate's subject
 * alternative names; a site's readable name is the subject's common name.
 *
 * <pre>
 *   spillway://ACCOUNT/site/ID      ID: decimal, unsigned 64 bits, not 0
 *   spillway://ACCOUNT/pop/NAME
 * </pre>
 *
 * @param siteId unsigned; 0 for a PoP
 */
public record CertifiedName(String account, Role role, long siteId, String name) {
    static final String SCHEME = "spillway://";

    private static final int URI_NAME_TYPE = 6; // RFC 5280, 4.2.1.6: uniformResourceIdentifier
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern URI =
            Pattern.compile(
                    SCHEME
                            + "(?<account>"
                            + LABEL
                            + ")/(?:site/(?<site>[1-9][0-9]{0,19})|pop/(?<pop>"
                            + LABEL
                            + "))");

    public CertifiedName {
        requireLabel("account", account);
        requireLabel("name", name);
        if ((role == Role.SITE) == (siteId == 0)) {
            throw new IllegalArgumentException(
                    "a site has an ID other than 0, a PoP has none: " + role + " " + siteId);
        }
    }

    public static CertifiedName site(String account, long siteId, String name) {
        return new CertifiedName(account, Role.SITE, siteId, name);
    }

    public static CertifiedName pop(String account, String name) {
        return new CertifiedName(account, Role.POP, 0, name);
    }

    /**
     * @throws PeerRefusedException {@link Refusal#NO_IDENTITY} when the certificate does not carry
     *     exactly one well-formed Spillway URI
     */
    public static CertifiedName of(X509Certificate certificate) throws PeerRefusedException {
        List<String> uris = uris(certificate);
        if (uris.size() != 1) {
            throw new PeerRefusedException(
                    Refusal.NO_IDENTITY,
                    "certificate of "
                            + certificate.getSubjectX500Principal()
                            + " carries "
                            + uris.size()
                            + " Spillway names, expected one");
        }
        return parse(uris.getFirst(), commonName(certificate.getSubjectX500Principal()));
    }

    public String uri() {
        String last = role == Role.SITE ? Long.toUnsignedString(siteId) : name;
        return SCHEME + account + "/" + role.word() + "/" + last;
    }

    @Override
    public String toString() {
        String who = role == Role.SITE ? "site " + Long.toUnsignedString(siteId) : "PoP " + name;
        return who + " of account " + account;
    }

    static void requireLabel(String what, String value) {
        if (!LABEL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    what
                            + " '"
                            + value
                            + "': expected 1 to 63 letters, digits, '.', '_' or '-', a letter or"
                            + " digit first");
        }
    }

    /** The Spillway URIs among the certificate's alternative names. */
    static List<String> uris(X509Certificate certificate) throws PeerRefusedException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(entry -> entry.get(0).equals(URI_NAME_TYPE))
                            .map(entry -> (String) entry.get(1))
                            .filter(uri -> uri.startsWith(SCHEME))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new PeerRefusedException(
                    Refusal.NO_IDENTITY, "alternative names cannot be read: " + e.getMessage());
        }
    }

    private static CertifiedName parse(String uri, String commonName) throws PeerRefusedException {
        Matcher matcher = URI.matcher(uri);
        try {
            if (matcher.matches()) {
                String account = matcher.group("account");
                String site = matcher.group("site");
                if (site == null) {
                    return pop(account, matcher.group("pop"));
                }
                boolean named = LABEL.matcher(commonName).matches();
                return site(account, Long.parseUnsignedLong(site), named ? commonName : site);
            }
        } catch (NumberFormatException e) {
            // More than 64 bits: refused below like any other text that is no name.
        }
        throw new PeerRefusedException(
                Refusal.NO_IDENTITY, "'" + uri + "' names neither a site nor a PoP");
    }

    private static String commonName(X500Principal subject) {
        RDN[] names = X500Name.getInstance(subject.getEncoded()).getRDNs(BCStyle.CN);
        return names.length == 0 ? "" : IETFUtils.valueToString(names[0].getFirst().getValue());
    }
}
