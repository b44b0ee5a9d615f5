package io.spillway.node.setup;

import io.spillway.node.InterfaceAddress;
import io.spillway.routing.fib.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What an operator says of a machine and its configuration does not: options of the command. */
final class SetupChoices {
    private static final String OPEN_BY_DEFAULT = "22";
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9._-]{1,15}");
    private static final Pattern PORTS = Pattern.compile("[1-9][0-9]{0,4}(,[1-9][0-9]{0,4})*");
    private static final int PORT_MAX = 65_535;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "/etc/spillway/site.yaml",
            description = "configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(
            names = "--lan",
            paramLabel = "BRIDGE=DEVICE[,DEVICE]",
            description = "Put these devices into that bridge of the configuration.")
    private Map<String, String> lan = new LinkedHashMap<>();

    @Option(
            names = "--wan",
            paramLabel = "DEVICE=ADDRESS/LENGTH,GATEWAY",
            description = "Give a WAN device that address and gateway (default: it has them).")
    private Map<String, String> wan = new LinkedHashMap<>();

    @Option(
            names = "--firewall",
            arity = "0..1",
            fallbackValue = OPEN_BY_DEFAULT,
            paramLabel = "PORT[,PORT]",
            description = {
                "Close the WAN devices to all but Spillway's own, answers, ICMP and DHCP,",
                "and these TCP ports of the machine (default: " + OPEN_BY_DEFAULT + ")."
            })
    private String firewall;

    /**
     * Where a WAN link is attached.
     *
     * @param gateway of the same family
     */
    record Uplink(InterfaceAddress address, IpAddress gateway) {}

    Path config() {
        return config;
    }

    Set<String> bridges() {
        return lan.keySet();
    }

    Set<String> wanDevices() {
        return wan.keySet();
    }

    /**
     * @throws IllegalArgumentException for what can be no name
     */
    List<String> devicesOf(String bridge) {
        String given = lan.get(bridge);
        if (given == null) {
            return List.of();
        }
        List<String> devices = List.of(given.split(",", -1));
        for (String device : devices) {
            if (!DEVICE.matcher(device).matches()) {
                throw new IllegalArgumentException(
                        "--lan %s=%s: '%s' is no name of a device"
                                .formatted(bridge, given, device));
            }
        }
        return devices;
    }

    /** Null: as the kernel has it. */
    Uplink uplinkOf(String device) {
        String given = wan.get(device);
        if (given == null) {
            return null;
        }
        String[] parts = given.split(",", -1);
        try {
            InterfaceAddress address = InterfaceAddress.parse(parts[0]);
            IpAddress gateway = IpAddress.parse(parts.length == 2 ? parts[1] : "");
            if (address.network().contains(gateway)) {
                return new Uplink(address, gateway);
            }
        } catch (IllegalArgumentException e) {
            // said below, with what was expected
        }
        throw new IllegalArgumentException(
                "--wan %s=%s: expected ADDRESS/LENGTH,GATEWAY of one network"
                        .formatted(device, given));
    }

    /** Null: WAN devices stay as open as they are. */
    List<String> openPorts() {
        if (firewall == null) {
            return null;
        }
        List<String> ports = List.of(firewall.split(",", -1));
        if (!PORTS.matcher(firewall).matches()
                || ports.stream().mapToInt(Integer::parseInt).anyMatch(port -> port > PORT_MAX)) {
            throw new IllegalArgumentException(
                    "--firewall=%s: expected TCP ports, 1..%d".formatted(firewall, PORT_MAX));
        }
        return ports;
    }

    /** As they are given on a command line, for the next start of the machine. */
    List<String> arguments() {
        List<String> all = new ArrayList<>();
        all.add("--config=" + config.toAbsolutePath());
        lan.forEach((bridge, devices) -> all.add("--lan=" + bridge + "=" + devices));
        wan.forEach((device, uplink) -> all.add("--wan=" + device + "=" + uplink));
        if (firewall != null) {
            all.add("--firewall=" + firewall);
        }
        return all;
    }
}
