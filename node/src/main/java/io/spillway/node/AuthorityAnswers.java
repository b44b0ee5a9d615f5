package io.spillway.node;

import io.spillway.crypto.Certificates;
import io.spillway.crypto.Trust;
import java.security.cert.X509Certificate;
import tools.jackson.databind.node.ArrayNode;

/** Whom a node trusts, the same at sites and PoPs. */
public final class AuthorityAnswers {
    private AuthorityAnswers() {}

    public static void describe(ArrayNode list, Trust trust) {
        for (X509Certificate authority : trust.authorities()) {
            list.addObject()
                    .put("authority", Certificates.keyName(authority))
                    .put("state", state(trust, authority))
                    .put("validUntil", authority.getNotAfter().toInstant().toString());
        }
    }

    private static String state(Trust trust, X509Certificate authority) {
        if (trust.isWithdrawn(authority)) {
            return "WITHDRAWN";
        }
        return authority.equals(trust.issuer()) ? "ISSUES" : "TRUSTED";
    }
}
