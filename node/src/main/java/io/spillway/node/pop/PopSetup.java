package io.spillway.node.pop;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.dataplane.forward.LocalAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What control must know of this PoP's configuration. Immutable.
 *
 * @param linkMtu largest IP packet its one link takes, bytes
 * @param pathMtuRaiseNs between attempts to send larger packets
 * @param local source of our ICMP errors
 * @param internetAddress that sites have on the Internet by us; null: they do not reach it here
 * @param resolver at which this machine answers sites' questions for names; null: none
 * @param policy of the account, at the start
 * @param nodes the others of the account
 * @param endOfStateTimeout how long after the start to wait for sites that are expected
 * @param hasWanFirewall what goes between sites is filtered
 */
public record PopSetup(
        String name,
        String account,
        int linkMtu,
        long pathMtuRaiseNs,
        LocalAddresses local,
        InetAddress internetAddress,
        InetAddress resolver,
        List<NodeAddress> nodes,
        Duration endOfStateTimeout,
        AccountPolicy policy,
        boolean hasWanFirewall) {
    public PopSetup {
        nodes = List.copyOf(nodes);
    }
}
