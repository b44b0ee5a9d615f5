package io.spillway.node.tunnel;

import io.spillway.crypto.Certificates;
import io.spillway.crypto.Trust;
import java.security.cert.X509Certificate;

/**
 * Which authority issues now, and since when our own certificate is of which one: a tunnel that was
 * opened by a certificate of another one is opened anew before that one is withdrawn. Immutable.
 *
 * @param authority short name of the one that issues
 * @param own short name of the one that issued our certificate
 * @param ownSinceNs since when we show a certificate of that one
 */
public record Vintage(String authority, String own, long ownSinceNs) {

    /**
     * @param before null: there was none
     */
    public static Vintage of(Trust trust, X509Certificate own, Vintage before, long nowNs) {
        String issuer = Certificates.authorityOf(own);
        boolean isSame = before != null && before.own.equals(issuer);
        return new Vintage(
                Certificates.keyName(trust.issuer()), issuer, isSame ? before.ownSinceNs : nowNs);
    }

    /** Either end of the tunnel showed a certificate of another authority. */
    boolean isPast(ManagedTunnel tunnel) {
        return tunnel.openedNs - ownSinceNs < 0
                || !authority.equals(Certificates.authorityOf(tunnel.peer().certificate()));
    }
}
