package io.spillway.node.site;

import java.security.cert.X509Certificate;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The part of {@code status} that tells until when certificates count. */
final class CertificateAnswers {
    private CertificateAnswers() {}

    static void describe(ObjectNode answer, SiteIdentity identity) {
        X509Certificate own = identity.current().certificate();
        ObjectNode node = answer.putObject("certificate");
        node.put("state", isExpired(own, identity.clock().instant()) ? "EXPIRED" : "VALID");
        node.put("validUntil", own.getNotAfter().toInstant().toString());
        node.put("graceUntil", RecoveryGrace.until(own).toString());
        ArrayNode peers = answer.putArray("peersInGrace");
        for (RecoveryGrace.Covered peer : identity.grace().covered()) {
            peers.addObject()
                    .put("id", Long.toUnsignedString(peer.siteId()))
                    .put("name", peer.name())
                    .put("expired", peer.expired().toString())
                    .put("graceUntil", peer.until().toString());
        }
    }

    static boolean isExpired(X509Certificate certificate, Instant now) {
        return now.isAfter(certificate.getNotAfter().toInstant());
    }
}
