package io.spillway.dataplane.sim;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a host's kernel counted of headers and checksums that were wrong. */
public final class KernelErrors {
    /** TCP counts both families in one. Others' names differ in /proc/net/snmp and snmp6. */
    private static final Set<String> WATCHED =
            Set.of(
                    "Ip.InHdrErrors",
                    "Tcp.InErrs",
                    "Tcp.InCsumErrors",
                    "Udp.InCsumErrors",
                    "Ip6InHdrErrors",
                    "Ip6InTruncatedPkts",
                    "Udp6InCsumErrors");

    private KernelErrors() {}

    /** The watched counters that are not zero; empty when all went well. */
    public static Map<String, Long> of(PrivateHost host) throws Exception {
        Map<String, Long> counters = ipv4(host.procNet("snmp"));
        counters.putAll(ipv6(host.procNet("snmp6")));
        if (!counters.keySet().containsAll(WATCHED)) {
            throw new AssertionError("not all of " + WATCHED + " in " + counters.keySet());
        }
        counters.keySet().retainAll(WATCHED);
        counters.values().removeIf(count -> count == 0);
        return counters;
    }

    /** Pairs of lines: {@code Ip: NAMES} and {@code Ip: VALUES}. */
    private static Map<String, Long> ipv4(String text) {
        Map<String, Long> counters = new TreeMap<>();
        String[] lines = text.split("\n");
        for (int i = 0; i + 1 < lines.length; i += 2) {
            String[] names = lines[i].split("\\s+");
            String[] values = lines[i + 1].split("\\s+");
            String group = names[0].replace(':', '.');
            for (int j = 1; j < names.length; j++) {
                counters.put(group + names[j], Long.parseLong(values[j]));
            }
        }
        return counters;
    }

    /** A name and a value per line. */
    private static Map<String, Long> ipv6(String text) {
        Map<String, Long> counters = new TreeMap<>();
        for (String line : text.split("\n")) {
            String[] pair = line.strip().split("\\s+");
            counters.put(pair[0], Long.parseLong(pair[1]));
        }
        return counters;
    }
}
