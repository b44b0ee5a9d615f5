package io.spillway.node.site;

import io.spillway.control.recovery.InternetConfig;
import io.spillway.control.recovery.InternetMachine;
import java.net.InetAddress;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a site's traffic to the Internet leaves, and which addresses it has there: all of them are to
 * be in the lists of who lets in known addresses only (R059).
 */
final class InternetAnswers {
    private static final double NS_PER_S = 1e9;

    private InternetAnswers() {}

    /** Nothing, where there is no such traffic. */
    static void describe(ObjectNode answer, SiteControl control) {
        SiteInternet internet = control.internet();
        if (!internet.isUsed()) {
            return;
        }
        InternetMachine machine = internet.machine();
        InternetConfig config = control.setup().internet();
        ObjectNode node = answer.putObject("internet");
        node.put("state", machine.state().name());
        node.put("recovery", config.isEnabled());
        if (machine.link() != InternetMachine.NONE) {
            node.put("link", control.setup().linkName(machine.link()));
        }
        node.put("remainingS", machine.backoffRemainingNs(control.nowNs()) / NS_PER_S);
        ObjectNode addresses = node.putObject("addresses");
        InetAddress byPop = control.channel().internetAddress();
        if (byPop != null) {
            addresses.put("cloud", byPop.getHostAddress());
        }
        if (config.isEnabled()) {
            config.candidates().forEach(it -> describe(addresses, internet, it));
        }
    }

    private static void describe(
            ObjectNode addresses, SiteInternet internet, InternetConfig.Candidate candidate) {
        String address = internet.publicAddress(candidate.link());
        if (address != null) {
            addresses.put(candidate.name(), address);
        }
    }
}
