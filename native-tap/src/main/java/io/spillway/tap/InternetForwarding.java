package io.spillway.tap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets the kernel forward what the data plane writes to a TUN device to the Internet, with an
 * address of its own in place of the sender's, and give the answers back. IPv4 only.
 *
 * <pre>
 *   data plane ──&gt; inside ──rule: table 20051──&gt; forward, masquerade ──&gt; outside
 *   data plane &lt;── inside &lt;──rule: table 20050──&lt; mark, address back &lt;── outside
 *   data plane &lt;── inside &lt;──rule: table 20050──&lt; the machine's resolver
 * </pre>
 *
 * <p>Until {@link #lead} was called the routes of the machine itself decide by which device packets
 * leave. When this process dies, rules and settings stay, and nothing goes in but answers.
 *
 * <p>Used by one thread at a time, in the network namespace of the device; its methods wait for
 * programs ({@code ip}, {@code nft}).
 */
public final class InternetForwarding implements AutoCloseable {
    private static final String ANSWERS_TABLE = "20050";
    private static final String WAY_TABLE = "20051";

    /** Before the host port's (2000), so before main (32766), and behind local (0). */
    private static final String ANSWERS_PRIORITY = "1998";

    private static final String WAY_PRIORITY = "1999";

    /** Loose (RFC 3704 §2.4): what is behind the data plane, and other links, have no route. */
    private static final String LOOSE = "2";

    /** Of routers without an address of their own (RFC 7600 §4.8). */
    private static final String DUMMY = "192.0.0.8/32";

    private static final Pattern GATEWAY = Pattern.compile(" via (\\S+)");

    private final InternetConfig config;
    private final InternetRules rules;
    private final Sysctls sysctls = new Sysctls();
    private boolean isLed;

    private InternetForwarding(InternetConfig config) {
        this.config = config;
        rules = new InternetRules(config);
    }

    /**
     * The device {@code inside} is there and up. On failure nothing stays.
     *
     * @throws IOException in one line: the program or setting that failed, and what it said
     */
    public static InternetForwarding open(InternetConfig config) throws IOException {
        InternetForwarding forwarding = new InternetForwarding(config);
        try {
            forwarding.install();
            return forwarding;
        } catch (IOException e) {
            try {
                forwarding.close();
            } catch (IOException also) {
                e.addSuppressed(also);
            }
            String reason = e.getMessage().lines().findFirst().orElse("");
            throw new IOException("traffic to the Internet: " + reason, e);
        }
    }

    /** The guard first. */
    private void install() throws IOException {
        Programs.feed(rules.install(), "nft", "-f", "-");
        removeRouting();
        openFor(config.inside());
        for (String device : config.outside()) {
            if (sysctls.exists("ipv4", device)) {
                openFor(device);
            }
        }
        if (config.isHostHidden()) {
            nameInside();
        }
        runIp("route replace default dev %s table %s".formatted(config.inside(), ANSWERS_TABLE));
        runIp(
                "rule add fwmark %s lookup %s priority %s"
                        .formatted(InternetRules.MARK, ANSWERS_TABLE, ANSWERS_PRIORITY));
        if (config.resolver() != null) {
            openResolver();
        }
    }

    /** What it says goes inside, whatever the machine's own routes are. */
    private void openResolver() throws IOException {
        String address = config.resolver() + "/32";
        runIp("addr replace %s dev %s".formatted(address, config.inside()));
        runIp(
                "rule add from %s lookup %s priority %s"
                        .formatted(address, ANSWERS_TABLE, ANSWERS_PRIORITY));
    }

    /** Without any address of its own a device's packets fail the loose look at their source. */
    private void nameInside() throws IOException {
        runIp("addr replace %s dev %s".formatted(DUMMY, config.inside()));
        if (sysctls.exists("ipv6", config.inside())) {
            sysctls.set("ipv6", config.inside(), "disable_ipv6", "1");
        }
    }

    private void openFor(String device) throws IOException {
        sysctls.set("ipv4", device, "forwarding", "1");
        sysctls.set("ipv4", device, "rp_filter", LOOSE);
    }

    /**
     * From now on packets leave by that device, one of {@code outside}, as its default route says.
     *
     * @throws IOException when there is none, or it was refused; they leave as before
     */
    public void lead(String device) throws IOException {
        String route = Programs.ask("", "ip", "-4", "route", "show", "default", "dev", device);
        if (route.isBlank()) {
            throw new IOException(device + " has no default route");
        }
        openFor(device);
        Matcher gateway = GATEWAY.matcher(route.lines().findFirst().orElse(""));
        String via = gateway.find() ? "via " + gateway.group(1) + " onlink " : "";
        runIp("route replace default %sdev %s table %s".formatted(via, device, WAY_TABLE));
        if (!isLed) {
            runIp(
                    "rule add iif %s lookup %s priority %s"
                            .formatted(config.inside(), WAY_TABLE, WAY_PRIORITY));
            isLed = true;
        }
    }

    /** Removes all that open and lead made; every step is tried. */
    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        attempt(failures, InternetForwarding::removeRouting);
        attempt(failures, sysctls::restore);
        attempt(failures, () -> Programs.feed(rules.remove(), "nft", "-f", "-"));
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** The tables are ours alone, so every rule and route that names them is. */
    private static void removeRouting() throws IOException {
        for (String table : List.of(ANSWERS_TABLE, WAY_TABLE)) {
            runIp("rule flush table " + table);
            // A table that does not exist cannot be flushed.
            runIp("route replace unreachable default metric 1000000 table " + table);
            runIp("route flush table " + table);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(List<IOException> failures, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            failures.add(e);
        }
    }

    /** No argument of ours holds a blank: names were checked. */
    private static void runIp(String arguments) throws IOException {
        Programs.run(("ip -4 " + arguments).split(" "));
    }
}
