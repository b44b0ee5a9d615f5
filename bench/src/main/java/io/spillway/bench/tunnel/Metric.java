package io.spillway.bench.tunnel;

import java.util.Locale;

/** What is measured of each tunnel. The names in lower case are those of the JSON report. */
public enum Metric {
    FIRST_PACKET_MS("ms", false, true),
    TCP1_GBPS("Gbit/s", true, false),
    TCP4_GBPS("Gbit/s", true, false),
    TCP1R_GBPS("Gbit/s", true, false),
    CPU_S_PER_GBIT("s/Gbit", false, true),
    UDP64_NDR_KPPS("kpps", true, false),
    UDP1400_NDR_KPPS("kpps", true, false),
    UDP64_TUNNEL_US("us", false, true),
    UDP64_FLOOD_KPPS("kpps", true, false),
    UDP1400_FLOOD_KPPS("kpps", true, false),
    RTT_P50_US("us", false, false),
    RTT_P99_US("us", false, false),
    TCP1_PLAINLAN_GBPS("Gbit/s", true, false),
    RSS_KIB("KiB", false, true);

    private final String unit;
    private final boolean isMoreBetter;
    private final boolean isOfProcesses;

    Metric(String unit, boolean isMoreBetter, boolean isOfProcesses) {
        this.unit = unit;
        this.isMoreBetter = isMoreBetter;
        this.isOfProcesses = isOfProcesses;
    }

    public String unit() {
        return unit;
    }

    public boolean isMoreBetter() {
        return isMoreBetter;
    }

    /** It says something of a tunnel's processes: plain forwarding has none. */
    boolean isOfProcesses() {
        return isOfProcesses;
    }

    /** For people, options and reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
