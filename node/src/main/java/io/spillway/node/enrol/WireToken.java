package io.spillway.node.enrol;

import java.util.Base64;

/** {@code SITE.SECRET}, the part of a {@link JoinToken} that the site sends to the PoP. */
record WireToken(long siteId, byte[] secret) {

    static WireToken parse(String text) throws EnrolException {
        int dot = text.indexOf('.');
        try {
            if (dot > 0) {
                long siteId = Long.parseUnsignedLong(text.substring(0, dot));
                byte[] secret = Base64.getUrlDecoder().decode(text.substring(dot + 1));
                if (siteId != 0 && secret.length == JoinToken.SECRET_LENGTH) {
                    return new WireToken(siteId, secret);
                }
            }
        } catch (IllegalArgumentException e) {
            // Refused below like any other text that is no token.
        }
        throw new EnrolException("token is malformed");
    }

    String text() {
        return Long.toUnsignedString(siteId)
                + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }
}
