package io.spillway.bench.appliance;

import java.util.List;

/** What a reference appliance forwards according to its vendor (REQUIREMENTS §2.6). */
record ApplianceClass(String name, Demand large, Demand small) {
    /** Packets of 1450 bytes, between LANs. */
    static final int LARGE_LENGTH = 1450;

    /** Packets of 1300 bytes, to the Internet. */
    static final int SMALL_LENGTH = 1300;

    record Demand(double gbps, double kpps) {}

    static final List<ApplianceClass> ALL =
            List.of(
                    of("X1500A", 0.96, 70, 0.435, 56.5),
                    of("X1500B", 2.0, 320, 1.5, 200),
                    of("X1500C", 2.0, 560, 2.0, 440),
                    of("X1600", 7.87, 440, 1.88, 240),
                    of("X1700A", 8.5, 875, 5.33, 760),
                    of("X1700B", 12.4, 1085, 10.2, 935),
                    of("X1700C", 15.4, 1500, 20.0, 1530));

    private static ApplianceClass of(
            String name, double largeGbps, double largeKpps, double smallGbps, double smallKpps) {
        return new ApplianceClass(
                name, new Demand(largeGbps, largeKpps), new Demand(smallGbps, smallKpps));
    }
}
