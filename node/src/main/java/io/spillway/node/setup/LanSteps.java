package io.spillway.node.setup;

import io.spillway.node.SiteConfig;
import io.spillway.node.setup.Machine.Device;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The bridge of each LAN port: it is there, up and without an address, the chosen devices are in
 * it, and its frames do not walk through the kernel's IP rules.
 */
final class LanSteps {
    private static final List<String> BRIDGE_NETFILTER =
            List.of("net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables");

    private final SiteConfig config;
    private final SetupChoices choices;
    private final Machine machine;
    private final SetupPlan plan;

    LanSteps(SiteConfig config, SetupChoices choices, Machine machine, SetupPlan plan) {
        this.config = config;
        this.choices = choices;
        this.machine = machine;
        this.plan = plan;
    }

    void add() throws IOException {
        Set<String> bridges =
                config.lan().stream()
                        .map(SiteConfig.LanPort::bridge)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        for (String given : choices.bridges()) {
            if (!bridges.contains(given)) {
                plan.mistake(
                        "--lan "
                                + given
                                + ": expected a bridge of the configuration, one of "
                                + bridges);
            }
        }
        for (String bridge : bridges) {
            bridge(bridge);
        }
        if (!bridges.isEmpty()) {
            for (String key : BRIDGE_NETFILTER) {
                Sysctl.add(plan, key, "0");
            }
        }
    }

    private void bridge(String name) {
        Device bridge = machine.device(name);
        if (bridge == null) {
            plan.step(
                    "ip link add " + name + " type bridge mcast_snooping 0", "ip link del " + name);
        } else if (!bridge.kind().equals("bridge")) {
            plan.mistake(
                    name + " is there, but is no bridge: expected a bridge, or no such device");
            return;
        } else if (!bridge.addresses().isEmpty()) {
            plan.mistake(
                    "bridge %s has the address %s: remove it, the data plane is the gateway there"
                            .formatted(name, bridge.addresses().getFirst()));
            return;
        }
        for (String device : choices.devicesOf(name)) {
            port(name, device);
        }
        if (bridge == null || !bridge.isUp()) {
            up(name);
        }
    }

    private void port(String bridge, String name) {
        Device device = machine.device(name);
        if (device == null) {
            plan.mistake(
                    "--lan %s=%s: no such device, expected one of %s"
                            .formatted(bridge, name, machine.deviceNames()));
        } else if (config.links().stream().anyMatch(link -> link.device().equals(name))) {
            plan.mistake(
                    "--lan %s=%s: it is a WAN device of the configuration".formatted(bridge, name));
        } else if (!device.bridge().isEmpty() && !device.bridge().equals(bridge)) {
            plan.mistake(
                    "--lan %s=%s: it is in %s already; take it out there first"
                            .formatted(bridge, name, device.bridge()));
        } else if (!device.addresses().isEmpty()) {
            plan.mistake(
                    "--lan %s=%s: it has the address %s, which would be dead in a bridge"
                            .formatted(bridge, name, device.addresses().getFirst()));
        } else {
            if (device.bridge().isEmpty()) {
                plan.step(
                        "ip link set " + name + " master " + bridge,
                        "ip link set " + name + " nomaster");
            }
            if (!device.isUp()) {
                up(name);
            }
        }
    }

    private void up(String device) {
        plan.step("ip link set " + device + " up", "ip link set " + device + " down");
    }
}
