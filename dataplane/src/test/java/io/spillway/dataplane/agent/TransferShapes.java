package io.spillway.dataplane.agent;

import static io.spillway.dataplane.agent.TransferWan.Kind.LOOPBACK;

import io.spillway.dataplane.agent.TransferNetwork.Shape;
import io.spillway.dataplane.agent.TransferSite.Lan;
import io.spillway.dataplane.agent.TransferWan.Kind;
import io.spillway.dataplane.sim.DisturbedLink.Disturbance;
import java.util.ArrayList;
import java.util.List;

/** The ways to build a {@link TransferNetwork} that tests go through. */
final class TransferShapes {
    private static final Disturbance REFUSES = new Disturbance(0, 0, 0, true);
    private static final Disturbance STORM = new Disturbance(10, 10, 20, false);
    private static final Disturbance STORM_REFUSES = new Disturbance(10, 10, 20, true);

    private TransferShapes() {}

    /** Few, with every kind of LAN, WAN and weather among them. */
    static List<Shape> few(int lanMtu) {
        return List.of(
                new Shape(Lan.PLAIN, Lan.PLAIN, lanMtu, false, REFUSES, LOOPBACK),
                new Shape(Lan.CHECKSUM, Lan.CHECKSUM, lanMtu, true, Disturbance.NONE, LOOPBACK),
                new Shape(Lan.SEGMENTS, Lan.SEGMENTS, lanMtu, true, Disturbance.NONE, LOOPBACK),
                new Shape(Lan.SEGMENTS, Lan.PLAIN, lanMtu, false, STORM, LOOPBACK),
                new Shape(Lan.PLAIN, Lan.CHECKSUM, lanMtu, true, STORM_REFUSES, LOOPBACK),
                new Shape(Lan.SEGMENTS, Lan.SEGMENTS, lanMtu, true, STORM, LOOPBACK));
    }

    /** Few over a real wire, IPv4 and IPv6. */
    static List<Shape> wired(int lanMtu) {
        List<Shape> shapes = new ArrayList<>();
        for (var wan : List.of(Kind.WIRE, Kind.WIRE_IPV6)) {
            shapes.add(new Shape(Lan.SEGMENTS, Lan.SEGMENTS, lanMtu, true, Disturbance.NONE, wan));
            shapes.add(new Shape(Lan.SEGMENTS, Lan.PLAIN, lanMtu, false, STORM, wan));
        }
        return shapes;
    }

    /** Everything with everything on the loopback. */
    static List<Shape> all(int lanMtu) {
        List<Shape> shapes = new ArrayList<>();
        for (Lan first : Lan.values()) {
            for (Lan second : Lan.values()) {
                for (var disturbance : List.of(Disturbance.NONE, REFUSES, STORM, STORM_REFUSES)) {
                    shapes.add(new Shape(first, second, lanMtu, false, disturbance, LOOPBACK));
                    shapes.add(new Shape(first, second, lanMtu, true, disturbance, LOOPBACK));
                }
            }
        }
        return shapes;
    }
}
