package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.path.LanIngress;
import io.spillway.dataplane.path.Onward;
import io.spillway.dataplane.path.PortArrival;
import io.spillway.dataplane.path.PortDeparture;
import io.spillway.dataplane.port.LanPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Wires the port agents of a data plane, if it has any, to its lan agent.
 *
 * <p>Used at start, by one thread.
 */
final class PortWiring {
    private final AgentParts lanParts;
    private final Map<Integer, List<HandOver>> handOvers = new HashMap<>();
    private final Map<Integer, Onward> ways = new HashMap<>();
    private final List<PortAgent> agents = new ArrayList<>();
    private final List<PacketRing> messages = new ArrayList<>();
    private final List<PacketRing> packets = new ArrayList<>();

    /**
     * @param parts by port thread
     * @param portsOf by port thread: the LAN ports, each with that thread's queue
     */
    PortWiring(List<AgentParts> parts, AgentParts lanParts, IntFunction<List<LanPort>> portsOf) {
        this.lanParts = lanParts;
        for (int thread = 0; thread < parts.size(); thread++) {
            addAgent(parts.get(thread), portsOf.apply(thread));
        }
        handOvers.forEach(
                (port, byAgent) ->
                        ways.put(
                                port,
                                new ToPortAgents(
                                        byAgent.toArray(HandOver[]::new), lanParts.drops())));
    }

    private void addAgent(AgentParts own, List<LanPort> ports) {
        for (LanPort port : ports) {
            handOvers
                    .computeIfAbsent(port.index(), index -> new ArrayList<>())
                    .add(new HandOver(port.ring(), own.mailbox().doorbell(), lanParts.drops()));
        }
        messages.add(new PacketRing(lanParts.pool(), HandOver.CAPACITY));
        packets.add(new PacketRing(lanParts.pool(), HandOver.CAPACITY));
        ToGateway gateway = new ToGateway(toLan(own, messages.getLast()), own.drops());
        HandOver decision = toLan(own, packets.getLast());
        List<LanIngress> ingresses =
                ports.stream().map(port -> LanSide.ingress(own, port, gateway, decision)).toList();
        List<PortDeparture> departures =
                ports.stream()
                        .map(port -> new PortDeparture(port.ring(), LanSide.writer(own, port)))
                        .toList();
        agents.add(new PortAgent(own, ports, ingresses, departures));
    }

    private HandOver toLan(AgentParts own, PacketRing ring) {
        return new HandOver(ring, lanParts.mailbox().doorbell(), own.drops());
    }

    /** By port index, how the lan agent's packets get to the port agents. */
    Map<Integer, Onward> ways() {
        return ways;
    }

    List<PortAgent> agents() {
        return agents;
    }

    /** Where what each of them reads arrives. */
    List<PortArrival> arrivals(LanSide lan) {
        List<PortArrival> arrivals = new ArrayList<>();
        for (int thread = 0; thread < agents.size(); thread++) {
            arrivals.add(lan.arrival(messages.get(thread), packets.get(thread)));
        }
        return arrivals;
    }
}
