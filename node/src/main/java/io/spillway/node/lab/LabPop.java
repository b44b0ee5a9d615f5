package io.spillway.node.lab;

import java.util.List;

/**
 * One PoP node of the lab and its place in the address plan of {@link LabSite}.
 *
 * @param index from 0
 * @param pop nodes of one PoP have the same
 * @param node its own name
 */
record LabPop(int index, String pop, String node) {
    static final List<LabPop> ONE = List.of(new LabPop(0, LabSite.POP_NAME, LabSite.POP_NAME));

    static final List<LabPop> TWO_NODES =
            List.of(
                    new LabPop(0, LabSite.POP_NAME, "frankfurt-1"),
                    new LabPop(1, LabSite.POP_NAME, "frankfurt-2"));

    static final List<LabPop> TWO_POPS =
            List.of(
                    new LabPop(0, LabSite.POP_NAME, LabSite.POP_NAME),
                    new LabPop(1, "amsterdam", "amsterdam"));

    private static final int ADDRESSES_PER_LINK = 4;

    String namespace() {
        return index == 0 ? LabSite.POP_NAMESPACE : LabSite.POP_NAMESPACE + (index + 1);
    }

    /** The Internet's device towards it. */
    String internetDevice() {
        return "to-" + namespace();
    }

    String address() {
        return "203.0.113." + (10 + ADDRESSES_PER_LINK * index);
    }

    String gateway() {
        return "203.0.113." + (9 + ADDRESSES_PER_LINK * index);
    }
}
