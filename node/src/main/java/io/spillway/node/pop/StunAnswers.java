package io.spillway.node.pop;

import io.spillway.control.punch.StunMessage;
import io.spillway.dataplane.agent.DataPlaneCommands;
import java.net.InetSocketAddress;

/**
 * Says how the sender is seen here: to anybody, but never with more than it sent. Owned by control.
 */
final class StunAnswers {
    private final DataPlaneCommands commands;
    private long unanswered;

    StunAnswers(DataPlaneCommands commands) {
        this.commands = commands;
    }

    void answer(int link, InetSocketAddress remote, byte[] datagram) {
        StunMessage request = StunMessage.parse(datagram);
        byte[] response =
                request == null || !request.isRequest()
                        ? null
                        : StunMessage.response(request, remote);
        if (response != null && response.length <= request.length()) {
            commands.sendDatagram(link, remote, response);
        } else {
            unanswered++;
        }
    }

    /** Messages of STUN that are no requests, or too short for their answer. */
    long unanswered() {
        return unanswered;
    }
}
