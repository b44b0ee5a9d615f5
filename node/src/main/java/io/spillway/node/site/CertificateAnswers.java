package io.spillway.node.site;

import io.spillway.crypto.Certificates;
import io.spillway.node.AuthorityAnswers;
import java.security.cert.X509Certificate;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The part of {@code status} that tells until when certificates count. */
final class CertificateAnswers {
    private CertificateAnswers() {}

    static void describe(ObjectNode answer, SiteIdentity identity, SiteRenewal renewal) {
        X509Certificate own = identity.current().certificate();
        ObjectNode node = answer.putObject("certificate");
        node.put("state", state(own, renewal, identity.clock().instant()));
        node.put("authority", Certificates.authorityOf(own));
        node.put("validUntil", own.getNotAfter().toInstant().toString());
        node.put("graceUntil", RecoveryGrace.until(own).toString());
        node.put("renewalFrom", renewal.window().from().toString());
        if (renewal.renewedAt() != null) {
            node.put("renewed", renewal.renewedAt().toString());
        }
        if (!renewal.failure().isEmpty()) {
            node.put("notRenewed", renewal.failure());
        }
        AuthorityAnswers.describe(answer.putArray("authorities"), identity.verifier().trust());
        ArrayNode peers = answer.putArray("peersInGrace");
        for (RecoveryGrace.Covered peer : identity.grace().covered()) {
            peers.addObject()
                    .put("id", Long.toUnsignedString(peer.siteId()))
                    .put("name", peer.name())
                    .put("expired", peer.expired().toString())
                    .put("graceUntil", peer.until().toString());
        }
    }

    private static String state(X509Certificate own, SiteRenewal renewal, Instant now) {
        if (isExpired(own, now)) {
            return "EXPIRED";
        }
        return renewal.window().isOpen(now) ? "RENEWAL_DUE" : "VALID";
    }

    static boolean isExpired(X509Certificate certificate, Instant now) {
        return now.isAfter(certificate.getNotAfter().toInstant());
    }
}
