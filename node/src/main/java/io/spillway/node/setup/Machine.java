package io.spillway.node.setup;

import io.spillway.routing.fib.IpAddress;
import io.spillway.tap.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The network of a machine, or of the calling thread's namespace, as its kernel showed it at one
 * moment. Immutable but for what is asked by the static methods.
 */
final class Machine {
    static final String MAIN_TABLE = "main";
    private static final Path SYSCTLS = Path.of("/proc/sys");

    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<DefaultRoute> defaultRoutes = new ArrayList<>();

    /**
     * @param kind as {@code ip} names it, such as bridge; empty for most hardware
     * @param bridge it is in; empty: in none
     * @param addresses without link-local ones
     */
    record Device(
            String name, String kind, String bridge, boolean isUp, List<IpAddress> addresses) {}

    /**
     * @param suppressed routes of so short a prefix do not count; -1: all count
     */
    record Rule(int priority, String source, String table, int suppressed) {
        /** Behind {@code ip rule add}. */
        String text() {
            String suppress = suppressed < 0 ? "" : " suppress_prefixlength " + suppressed;
            return "from " + source + " lookup " + table + suppress + " priority " + priority;
        }
    }

    /**
     * @param gateway empty: the other end of the wire itself
     */
    record DefaultRoute(String table, String device, String gateway) {
        /** Behind {@code ip route add}. */
        String text() {
            String via = gateway.isEmpty() ? "" : " via " + gateway;
            return "default" + via + " dev " + device + " table " + table;
        }
    }

    private Machine() {}

    /**
     * @param family of rules and routes: {@code -4} or {@code -6}
     */
    static Machine read(String family) throws IOException {
        Machine machine = new Machine();
        for (JsonNode link : ask("ip", "-j", "-d", "address", "show")) {
            machine.devices.put(text(link, "ifname"), device(link));
        }
        for (JsonNode rule : ask("ip", "-j", family, "rule", "show")) {
            machine.rules.add(rule(rule));
        }
        for (JsonNode route : ask("ip", "-j", family, "route", "show", "table", "all")) {
            if (text(route, "dst").equals("default") && route.has("dev")) {
                machine.defaultRoutes.add(
                        new DefaultRoute(
                                route.path("table").asString(MAIN_TABLE),
                                text(route, "dev"),
                                text(route, "gateway")));
            }
        }
        return machine;
    }

    private static Device device(JsonNode link) {
        List<IpAddress> addresses = new ArrayList<>();
        for (JsonNode address : link.path("addr_info")) {
            if (!text(address, "scope").equals("link")) {
                addresses.add(IpAddress.parse(text(address, "local")));
            }
        }
        return new Device(
                text(link, "ifname"),
                text(link.path("linkinfo"), "info_kind"),
                text(link, "master"),
                link.path("flags").valueStream().anyMatch(flag -> flag.asString("").equals("UP")),
                List.copyOf(addresses));
    }

    private static Rule rule(JsonNode rule) {
        return new Rule(
                rule.path("priority").asInt(0),
                text(rule, "src"),
                text(rule, "table"),
                rule.path("suppress_prefixlen").asInt(-1));
    }

    private static JsonNode ask(String... command) throws IOException {
        return JsonMapper.shared().readTree(Programs.ask("", command));
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }

    /** Null: there is none. */
    Device device(String name) {
        return devices.get(name);
    }

    Set<String> deviceNames() {
        return devices.keySet();
    }

    List<Rule> rules() {
        return rules;
    }

    /** The one with the best metric. */
    Optional<DefaultRoute> defaultRoute(String table, String device) {
        return defaultRoutes.stream()
                .filter(route -> route.table().equals(table) && route.device().equals(device))
                .findFirst();
    }

    Optional<DefaultRoute> defaultRoute(String table) {
        return defaultRoutes.stream().filter(route -> route.table().equals(table)).findFirst();
    }

    /**
     * @param key with dots between its parts but for those of a device's name: slashes
     * @return null: this kernel, or this namespace, does not have it
     */
    static String sysctl(String key) throws IOException {
        Path file = SYSCTLS.resolve(key);
        return Files.exists(file) ? Files.readAllLines(file).getFirst().strip() : null;
    }

    /** Rules of a table of nftables as {@code nft -f} takes them; null: there is no such table. */
    static String nftTable(String name) throws IOException {
        boolean isThere =
                Programs.ask("", "nft", "list", "tables")
                        .lines()
                        .anyMatch(("table inet " + name)::equals);
        return isThere ? Programs.ask("", "nft", "list", "table", "inet", name) : null;
    }
}
