package io.spillway.node.setup;

import io.spillway.node.SiteConfig;
import io.spillway.node.setup.Machine.DefaultRoute;
import io.spillway.node.setup.Machine.Device;
import io.spillway.node.setup.Machine.Rule;
import io.spillway.node.setup.SetupChoices.Uplink;
import io.spillway.routing.fib.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Each WAN link leads out by itself: what has the address of its device leaves by that device, so
 * that answers leave where the question arrived. Other networks that the machine knows come before.
 *
 * <pre>
 *   priority 2100   from ADDRESS lookup main suppress_prefixlength 0   all but default routes
 *   priority 2101   from ADDRESS lookup 20100 + link                   default via its gateway
 * </pre>
 *
 * Behind the rules of the host port (2000): an address of the LAN never leaves by a WAN.
 */
final class WanSteps {
    private static final int KNOWN_PRIORITY = 2100;
    private static final int OUT_PRIORITY = 2101;
    private static final int TABLE_BASE = 20_100;

    /** Behind every default route that the machine has of its own. */
    private static final int METRIC_BASE = 20_100;

    private static final String STRICT = "1";
    private static final String LOOSE = "2"; // RFC 3704 §2.4

    private final SiteConfig config;
    private final SetupChoices choices;
    private final Machine machine;
    private final SetupPlan plan;
    private final String ip;
    private final boolean isIpv4;
    private final List<Rule> wanted = new ArrayList<>();

    WanSteps(
            SiteConfig config,
            SetupChoices choices,
            Machine machine,
            SetupPlan plan,
            boolean isIpv4) {
        this.config = config;
        this.choices = choices;
        this.machine = machine;
        this.plan = plan;
        this.isIpv4 = isIpv4;
        ip = isIpv4 ? "ip -4 " : "ip -6 ";
    }

    void add() throws IOException {
        List<String> devices = config.links().stream().map(SiteConfig.Link::device).toList();
        for (String given : choices.wanDevices()) {
            if (!devices.contains(given)) {
                plan.mistake("--wan " + given + ": expected a device of a link, one of " + devices);
            }
        }
        for (int link = 0; link < config.links().size(); link++) {
            link(link, config.links().get(link));
        }
        for (Rule rule : machine.rules()) {
            boolean isOurs = Set.of(KNOWN_PRIORITY, OUT_PRIORITY).contains(rule.priority());
            if (isOurs && !wanted.contains(rule)) {
                plan.step(ip + "rule del " + rule.text(), ip + "rule add " + rule.text());
            }
        }
    }

    private void link(int number, SiteConfig.Link link) throws IOException {
        String key = "links[%d] %s: ".formatted(number, link.name());
        Device device = machine.device(link.device());
        if (device == null) {
            plan.mistake(
                    key
                            + link.device()
                            + ": no such device, expected one of "
                            + machine.deviceNames());
            return;
        }
        Uplink uplink = choices.uplinkOf(link.device());
        IpAddress address = address(key, link, device, uplink);
        if (address == null) {
            return;
        }
        String gateway = gateway(device, uplink);
        if (gateway == null && !link.isAltWan()) {
            plan.mistake(
                    key
                            + "%s has no default route, so its gateway is not known: expected --wan %s=%s/LENGTH,GATEWAY"
                                    .formatted(device.name(), device.name(), address));
            return;
        }
        if (uplink != null) {
            attach(number, device, uplink);
        }
        if (gateway != null) {
            leadOut(number, device.name(), address, gateway);
        }
        loosen(device.name());
    }

    /** Null: there is none, as was said. */
    private IpAddress address(String key, SiteConfig.Link link, Device device, Uplink uplink) {
        IpAddress stated =
                link.address() == null ? null : IpAddress.parse(link.address().getHostAddress());
        List<IpAddress> had =
                uplink != null
                        ? List.of(uplink.address().address())
                        : device.addresses().stream().filter(a -> a.isIpv4() == isIpv4).toList();
        if (had.isEmpty()) {
            plan.mistake(
                    key
                            + "%s has no address: expected one, or --wan %s=ADDRESS/LENGTH,GATEWAY"
                                    .formatted(device.name(), device.name()));
            return null;
        }
        if (stated != null && !had.contains(stated)) {
            plan.mistake(
                    key + "%s has no address %s, but %s".formatted(device.name(), stated, had));
            return null;
        }
        return stated != null ? stated : had.getFirst();
    }

    /** Empty: the other end of the wire; null: not known. */
    private String gateway(Device device, Uplink uplink) {
        return uplink != null
                ? uplink.gateway().toString()
                : machine.defaultRoute(Machine.MAIN_TABLE, device.name())
                        .map(DefaultRoute::gateway)
                        .orElse(null);
    }

    private void attach(int number, Device device, Uplink uplink) {
        String name = device.name();
        if (!device.addresses().contains(uplink.address().address())) {
            String text = uplink.address() + " dev " + name;
            plan.step(ip + "address add " + text, ip + "address del " + text);
        }
        if (!device.isUp()) {
            plan.step("ip link set " + name + " up", "ip link set " + name + " down");
        }
        if (machine.defaultRoute(Machine.MAIN_TABLE, name).isEmpty()) {
            String route =
                    new DefaultRoute(Machine.MAIN_TABLE, name, uplink.gateway().toString()).text()
                            + " metric "
                            + (METRIC_BASE + number);
            plan.step(ip + "route add " + route, ip + "route del " + route);
        }
    }

    private void leadOut(int number, String device, IpAddress address, String gateway) {
        String table = Integer.toString(TABLE_BASE + number);
        DefaultRoute route = new DefaultRoute(table, device, gateway);
        DefaultRoute before = machine.defaultRoute(table).orElse(null);
        if (!route.equals(before)) {
            plan.step(
                    ip + "route replace " + route.text(),
                    before == null
                            ? ip + "route del " + route.text()
                            : ip + "route replace " + before.text());
        }
        rule(new Rule(KNOWN_PRIORITY, address.toString(), Machine.MAIN_TABLE, 0));
        rule(new Rule(OUT_PRIORITY, address.toString(), table, -1));
    }

    private void rule(Rule rule) {
        wanted.add(rule);
        if (!machine.rules().contains(rule)) {
            plan.step(ip + "rule add " + rule.text(), ip + "rule del " + rule.text());
        }
    }

    /**
     * Strictly filtered, what comes in by a link that is not the best way back would be dropped.
     */
    private void loosen(String device) throws IOException {
        String ofAll = Machine.sysctl("net/ipv4/conf/all/rp_filter");
        String own = Machine.sysctl("net/ipv4/conf/" + device + "/rp_filter");
        boolean isStrict = !LOOSE.equals(ofAll) && !LOOSE.equals(own);
        if (isIpv4 && isStrict && (STRICT.equals(ofAll) || STRICT.equals(own))) {
            Sysctl.add(plan, "net/ipv4/conf/" + device + "/rp_filter", LOOSE);
        }
    }
}
