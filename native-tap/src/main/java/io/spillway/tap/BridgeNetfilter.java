package io.spillway.tap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Bridge netfilter hands every IP frame that crosses a bridge to the kernel's IP rules as if it
 * were routed. The kernel turns it on by itself in each namespace.
 */
public final class BridgeNetfilter {
    private static final Path SETTINGS = Path.of("/proc/sys/net/bridge");
    private static final List<String> CALLS =
            List.of("bridge-nf-call-iptables", "bridge-nf-call-ip6tables");

    private BridgeNetfilter() {}

    /**
     * The sysctls by which it is on in the calling thread's network namespace, as {@code sysctl}
     * names them; none where the kernel has no bridge netfilter.
     */
    public static List<String> active() throws IOException {
        List<String> active = new ArrayList<>();
        for (String call : CALLS) {
            Path file = SETTINGS.resolve(call);
            if (Files.exists(file) && !Sysctls.read(file).equals("0")) {
                active.add("net.bridge." + call);
            }
        }
        return active;
    }
}
