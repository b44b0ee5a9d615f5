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
    /** Packets, or trains of them, between two agents. */
    private static final int HAND_OVER_CAPACITY = 1024;

    private final List<AgentParts> agents;
    private final AgentParts lanParts;
    private final List<List<LanPort>> ports = new ArrayList<>();

    /**
     * @param agents by port thread
     * @param portsOf by port thread: the LAN ports, each with that thread's queue
     */
    PortWiring(List<AgentParts> agents, AgentParts lanParts, IntFunction<List<LanPort>> portsOf) {
        this.agents = agents;
        this.lanParts = lanParts;
        for (int thread = 0; thread < agents.size(); thread++) {
            ports.add(portsOf.apply(thread));
        }
    }

    /** By port index, how the lan agent's packets get to the port agents. */
    Map<Integer, Onward> ways() {
        Map<Integer, List<HandOver>> byPort = new HashMap<>();
        for (int thread = 0; thread < agents.size(); thread++) {
            Doorbell doorbell = agents.get(thread).mailbox().doorbell();
            for (LanPort port : ports.get(thread)) {
                byPort.computeIfAbsent(port.index(), index -> new ArrayList<>())
                        .add(new HandOver(port.ring(), doorbell, lanParts.drops()));
            }
        }
        Map<Integer, Onward> ways = new HashMap<>();
        byPort.forEach((index, byAgent) -> ways.put(index, way(byAgent)));
        return ways;
    }

    private Onward way(List<HandOver> byAgent) {
        return new ToPortAgents(byAgent.toArray(HandOver[]::new), lanParts.drops());
    }

    /** Returns where what they read arrives at {@code lan}. */
    List<PortArrival> addAgents(LanSide lan, List<LoopAgent> all) {
        List<PortArrival> arrivals = new ArrayList<>();
        for (int thread = 0; thread < agents.size(); thread++) {
            PacketRing messages = new PacketRing(lanParts.pool(), HAND_OVER_CAPACITY);
            PacketRing packets = new PacketRing(lanParts.pool(), HAND_OVER_CAPACITY);
            all.add(agent(agents.get(thread), ports.get(thread), messages, packets));
            arrivals.add(lan.arrival(messages, packets));
        }
        return arrivals;
    }

    private PortAgent agent(
            AgentParts own, List<LanPort> queues, PacketRing messages, PacketRing packets) {
        Doorbell lan = lanParts.mailbox().doorbell();
        ToGateway gateway = new ToGateway(new HandOver(messages, lan, own.drops()), own.drops());
        HandOver toLan = new HandOver(packets, lan, own.drops());
        List<LanIngress> ingresses =
                queues.stream().map(port -> LanSide.ingress(own, port, gateway, toLan)).toList();
        List<PortDeparture> departures =
                queues.stream()
                        .map(port -> new PortDeparture(port.ring(), LanSide.writer(own, port)))
                        .toList();
        return new PortAgent(own, queues, ingresses, departures);
    }
}
