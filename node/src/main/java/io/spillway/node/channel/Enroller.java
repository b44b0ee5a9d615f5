package io.spillway.node.channel;

import io.spillway.control.wire.Enrol;
import io.spillway.control.wire.EnrolReply;
import io.spillway.control.wire.Renew;
import io.spillway.control.wire.RenewReply;
import io.spillway.crypto.PeerIdentity;
import java.net.InetSocketAddress;

/**
 * Answers requests for certificates: a newcomer's, and a site's that has one. Called on threads of
 * its own, may block.
 */
@FunctionalInterface
public interface Enroller {
    /** For a PoP without the account's authority. */
    Enroller UNAVAILABLE =
            (request, from) ->
                    refusal(
                            "this PoP does not enrol sites: its configuration names no authority"
                                    + " (pop.yaml: authority)");

    EnrolReply enrol(Enrol request, InetSocketAddress from);

    /**
     * @param holder of the certificate that the request came under; it may have ended of late
     */
    default RenewReply renew(Renew request, PeerIdentity holder) {
        return unrenewed(
                "this PoP does not renew certificates: its configuration names no authority"
                        + " (pop.yaml: authority)");
    }

    static RenewReply unrenewed(String reason) {
        return RenewReply.newBuilder().setError(PlainText.of(reason)).build();
    }

    static EnrolReply refusal(String reason) {
        return EnrolReply.newBuilder().setError(PlainText.of(reason)).build();
    }
}
