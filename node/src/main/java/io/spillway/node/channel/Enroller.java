package io.spillway.node.channel;

import io.spillway.control.wire.Enrol;
import io.spillway.control.wire.EnrolReply;
import java.net.InetSocketAddress;

/** Answers a newcomer's request for a certificate. Called on threads of its own, may block. */
@FunctionalInterface
public interface Enroller {
    /** For a PoP without the account's authority. */
    Enroller UNAVAILABLE =
            (request, from) ->
                    refusal(
                            "this PoP does not enrol sites: its configuration names no authority"
                                    + " (pop.yaml: authority)");

    EnrolReply enrol(Enrol request, InetSocketAddress from);

    static EnrolReply refusal(String reason) {
        return EnrolReply.newBuilder().setError(PlainText.of(reason)).build();
    }
}
