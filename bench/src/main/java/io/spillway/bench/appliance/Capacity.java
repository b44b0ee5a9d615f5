package io.spillway.bench.appliance;

/**
 * What was measured with packets of one length.
 *
 * @param gbps TCP payload, both sites and both hosts on all cores of this machine
 * @param kpps UDP with next to no loss, the same way
 * @param gbpsPerCore the same divided by what the busier site's process took of a core
 * @param kppsPerCore likewise
 */
record Capacity(double gbps, double kpps, double gbpsPerCore, double kppsPerCore) {
    /** How a demand stands to it. */
    enum Standing {
        /** Seen here. */
        REACHED,
        /** Not seen, but a site's process with one core of its own would get there. */
        EXTRAPOLATED,
        /** Takes more than one core a site, and how several share the work was not measured. */
        NOT_SHOWN
    }

    Standing standing(ApplianceClass.Demand demand) {
        if (gbps >= demand.gbps() && kpps >= demand.kpps()) return Standing.REACHED;
        return cores(demand) <= 1 ? Standing.EXTRAPOLATED : Standing.NOT_SHOWN;
    }

    /** Of a site, if its work grew with its traffic: for bits or for packets, whichever is more. */
    double cores(ApplianceClass.Demand demand) {
        return Math.max(demand.gbps() / gbpsPerCore, demand.kpps() / kppsPerCore);
    }
}
