package io.spillway.dataplane.agent;

import io.spillway.dataplane.agent.TransferNetwork.Shape;
import io.spillway.dataplane.agent.TransferSite.Lan;
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
                new Shape(Lan.PLAIN, Lan.PLAIN, lanMtu, false, REFUSES),
                new Shape(Lan.CHECKSUM, Lan.CHECKSUM, lanMtu, true, Disturbance.NONE),
                new Shape(Lan.SEGMENTS, Lan.SEGMENTS, lanMtu, true, Disturbance.NONE),
                new Shape(Lan.SEGMENTS, Lan.PLAIN, lanMtu, false, STORM),
                new Shape(Lan.PLAIN, Lan.CHECKSUM, lanMtu, true, STORM_REFUSES),
                new Shape(Lan.SEGMENTS, Lan.SEGMENTS, lanMtu, true, STORM));
    }

    /** Everything with everything. */
    static List<Shape> all(int lanMtu) {
        List<Shape> shapes = new ArrayList<>();
        for (Lan first : Lan.values()) {
            for (Lan second : Lan.values()) {
                for (var disturbance : List.of(Disturbance.NONE, REFUSES, STORM, STORM_REFUSES)) {
                    shapes.add(new Shape(first, second, lanMtu, false, disturbance));
                    shapes.add(new Shape(first, second, lanMtu, true, disturbance));
                }
            }
        }
        return shapes;
    }
}
