package io.spillway.control.punch;

import io.spillway.control.directory.NatMapping;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Asks several ports of the PoP, from the very socket that carries the tunnels, how they see one
 * WAN link (R023, D03, RFC 8489), and tells from the answers what kind of NAT is before it.
 *
 * <p>Answers are believed only for that: where peers send to is what the PoP sees of authenticated
 * tunnels. Owned by control.
 */
public final class AddressDiscovery {
    /** A round is repeated so often, since the NAT may be replaced while the link stays up. */
    static final long ROUND_NS = 30_000_000_000L;

    static final long RESEND_NS = 300_000_000L;
    static final int SENDS_MAX = 4;

    private InetSocketAddress local;
    private List<InetSocketAddress> servers;
    private final RandomGenerator random;
    private final Map<String, InetSocketAddress> open = new HashMap<>();
    private final Map<InetSocketAddress, InetSocketAddress> seen = new LinkedHashMap<>();
    private NatMapping mapping = NatMapping.UNKNOWN;
    private boolean hasChanged;
    private int sends;
    private long nextNs;

    /**
     * @param local the socket's own address and port; null: it has none yet
     * @param servers two or more, which should differ in nothing but the port or the address; or
     *     none, where only the own address matters
     */
    public AddressDiscovery(
            InetSocketAddress local,
            List<InetSocketAddress> servers,
            RandomGenerator random,
            long nowNs) {
        this.local = local;
        this.servers = List.copyOf(servers);
        this.random = random;
        nextNs = nowNs;
    }

    /** The link has another address, or none any more (null). */
    public void local(InetSocketAddress changed, long nowNs) {
        if (!Objects.equals(changed, local)) {
            local = changed;
            hasChanged = true;
            ask(nowNs);
        }
    }

    public InetSocketAddress local() {
        return local;
    }

    /** As the last round in which anybody answered tells. */
    public NatMapping mapping() {
        return mapping;
    }

    /** A new round begins then: the link or the way to the PoP is another one. */
    public void ask(long atNs) {
        sends = 0;
        open.clear();
        seen.clear();
        nextNs = atNs;
    }

    /** From now on these are asked: as the constructor has them. */
    public void ask(List<InetSocketAddress> others, long nowNs) {
        servers = List.copyOf(others);
        ask(nowNs);
    }

    /** Sends what is due. */
    public void poll(long nowNs, HolePunch.Sender sender) {
        if (nowNs - nextNs < 0) {
            return;
        }
        if (sends == SENDS_MAX) {
            judge();
            rest(nowNs);
            return;
        }
        for (InetSocketAddress server : servers) {
            if (!seen.containsKey(server)) {
                send(server, sender);
            }
        }
        sends++;
        nextNs = nowNs + RESEND_NS;
    }

    /** When {@link #poll} next has something to do. */
    public long deadlineNs() {
        return nextNs;
    }

    /** Whether it was an answer to a question of ours. */
    public boolean onStun(InetSocketAddress from, StunMessage response, long nowNs) {
        String transaction = HexFormat.of().formatHex(response.transactionId());
        boolean isAnswer = response.mapped() != null && from.equals(open.get(transaction));
        if (!isAnswer) {
            return false;
        }
        open.remove(transaction);
        seen.put(from, response.mapped());
        if (seen.size() == servers.size()) {
            judge();
            rest(nowNs);
        }
        return true;
    }

    /** Whether the address or the mapping is another one since this was asked last. */
    public boolean takeChange() {
        boolean taken = hasChanged;
        hasChanged = false;
        return taken;
    }

    private void rest(long nowNs) {
        ask(nowNs + ROUND_NS);
    }

    private void judge() {
        if (seen.isEmpty()) {
            return;
        }
        NatMapping judged = judgement();
        hasChanged |= judged != mapping;
        mapping = judged;
    }

    private NatMapping judgement() {
        if (seen.values().stream().distinct().count() > 1) {
            return NatMapping.CHANGING;
        }
        boolean isOwn = seen.values().iterator().next().equals(local);
        if (isOwn) {
            return NatMapping.OPEN;
        }
        return seen.size() > 1 ? NatMapping.STABLE : NatMapping.UNKNOWN;
    }

    private void send(InetSocketAddress server, HolePunch.Sender sender) {
        byte[] transactionId = new byte[StunMessage.TRANSACTION_ID_LENGTH];
        random.nextBytes(transactionId);
        open.put(HexFormat.of().formatHex(transactionId), server);
        sender.send(server, StunMessage.request(transactionId, server));
    }
}
