package io.spillway.node.lab;

import io.spillway.crypto.CertifiedName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What can be done to sites of a lab from outside: by nft, ip, files, and a second start. */
final class OutsideDeeds {
    private static final String INTERNET = LabSite.INTERNET_NAMESPACE;
    private static final int CHECK_MS = 50;

    private final Stage stage;

    OutsideDeeds(Stage stage) {
        this.stage = stage;
    }

    NodeProcess berlin() {
        return stage.sites().get(0);
    }

    NodeProcess london() {
        return stage.sites().get(1);
    }

    NodeProcess madrid() {
        return stage.sites().get(2);
    }

    /** Runs a command line at the site. */
    void in(NodeProcess site, String command) throws IOException {
        stage.network().in(site.name(), command);
    }

    /** Somewhere in the Internet, what the expression names is dropped. */
    void drop(String expression) throws IOException {
        cut(expression + " drop");
    }

    /** The same with a verdict of its own. */
    void cut(String rule) throws IOException {
        stage.network().in(INTERNET, "nft add rule ip lab cut " + rule);
    }

    /** All passes again. */
    void pass() throws IOException {
        stage.network().in(INTERNET, "nft flush chain ip lab cut");
    }

    /** On its first link, as the Internet sees it. */
    String address(NodeProcess site) {
        return stage.place(site).wanAddress();
    }

    /** As an nft expression, what goes from one address to the other. */
    static String from(String one, String other) {
        return "ip saddr " + one + " ip daddr " + other + " udp dport 1-65535";
    }

    /**
     * Of those packets, as an nft expression, those larger than a small echo, less than any MTU.
     */
    static String large(String packets) {
        return packets + " meta length > 700";
    }

    /** The link again as it was, with its route. */
    void plugIn(NodeProcess site) throws IOException {
        LabSite place = stage.place(site);
        String wan = " dev " + LabNetwork.WAN_DEVICE;
        in(site, "ip link set up" + wan);
        in(site, "ip address replace " + place.wanAddress() + "/30" + wan);
        in(site, "ip route replace default via " + place.wanGateway() + wan);
    }

    /** The site's router leads nothing in any more, also not what it was leading. */
    void forgetForwarding(NodeProcess site) throws IOException {
        atRouter(site, "nft flush chain ip nat lead");
        refuseForward(
                site,
                "iifname wan0 udp dport "
                        + LabSite.WAN_PORT
                        + " ip saddr != "
                        + LabSite.POP_ADDRESS);
    }

    void forward(NodeProcess site) throws IOException {
        LabSite place = stage.place(site);
        joinInside(site);
        atRouter(
                site,
                "nft add rule ip nat lead iifname wan0 udp dport "
                        + NatBox.STATIC_PORT
                        + " dnat to "
                        + place.addressBehindNat()
                        + ":"
                        + LabSite.WAN_PORT);
    }

    /** The router leads on all that it did. */
    void joinInside(NodeProcess site) throws IOException {
        addPart(site);
        atRouter(site, "nft flush chain ip nat part");
    }

    /** Nothing passes from one inside device of the router to another. */
    void partInside(NodeProcess site) throws IOException {
        refuseForward(site, "iifname != wan0 oifname != wan0");
    }

    /** The site's router drops what the expression names instead of leading it on. */
    void refuseForward(NodeProcess site, String expression) throws IOException {
        addPart(site);
        atRouter(site, "nft add rule ip nat part " + expression + " drop");
    }

    /** If it is not there. */
    private void addPart(NodeProcess site) throws IOException {
        atRouter(site, "nft add chain ip nat part { type filter hook forward priority -1 ; }");
    }

    /** The site's router starts again, and translates so from then on. */
    void translate(NodeProcess site, NatKind kind) throws IOException {
        atRouter(site, "nft flush chain ip nat translate");
        atRouter(site, "nft add rule ip nat translate oifname wan0 " + kind.statement());
        atRouter(site, "ip link set wan0 down"); // the kernel forgets its mappings with the device
        atRouter(site, "ip link set wan0 up");
        atRouter(site, "ip route add default via " + stage.place(site).wanGateway());
    }

    private void atRouter(NodeProcess site, String command) throws IOException {
        stage.network().in(stage.place(site).natBox(1), command);
    }

    void restart(NodeProcess site) throws IOException, InterruptedException {
        site.terminate();
        while (site.isAlive()) {
            Thread.sleep(CHECK_MS);
        }
        site.start();
    }

    /** The next start knows nothing of others. */
    void restartForgetful(NodeProcess site) throws IOException {
        site.kill();
        forget(site, "saved.state*");
        site.start();
    }

    /** To every other node it is a new site: the PoP has forgotten it. */
    void restartAsNew(NodeProcess site) throws IOException {
        site.kill();
        forget(site, "saved.state*");
        stage.pop().kill();
        forget(stage.pop(), "sites.json*");
        stage.pop().start();
        site.start();
    }

    private void forget(NodeProcess node, String files) throws IOException {
        try (DirectoryStream<Path> saved =
                Files.newDirectoryStream(of(node).resolve("state"), files)) {
            for (Path file : saved) {
                Files.delete(file);
            }
        }
    }

    /** In the site's own configuration, for its next start. */
    void configure(NodeProcess site, String before, String after) throws IOException {
        Path file = of(site).resolve("site.yaml");
        String text = Files.readString(file);
        if (!text.contains(before)) {
            throw new IOException(file + " does not say " + before);
        }
        Files.writeString(file, text.replace(before, after));
    }

    /** The same for a start at once. */
    void reconfigure(NodeProcess site, String before, String after)
            throws IOException, InterruptedException {
        configure(site, before, after);
        restart(site);
    }

    /** The account's policy, at once. */
    void policy(String policy) throws IOException {
        NodeProcess pop = stage.pop();
        Path file = of(pop).resolve("pop.yaml");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll("(?m)^policy: .*$", "policy: " + policy));
        pop.ask("policy-apply");
    }

    /** A certificate for the site's key by the account's authority, whose clock is so far ahead. */
    void certify(NodeProcess site, Duration ahead, Duration lifetime) throws IOException {
        InstantSource clock = () -> Instant.now().plus(ahead);
        Path authority = stage.directory().resolve(LabAccount.DIRECTORY);
        certify(site, LabAccount.load(authority, clock), lifetime);
    }

    /** One by another authority, with its own list of whom it trusts. */
    void certifyByStranger(NodeProcess site, Duration lifetime) throws IOException {
        Path authority = stage.directory().resolve("stranger");
        certify(site, LabAccount.create(authority, LabSite.ACCOUNT), lifetime);
    }

    private void certify(NodeProcess site, LabAccount account, Duration lifetime)
            throws IOException {
        long id = stage.place(site).id();
        CertifiedName name = CertifiedName.site(LabSite.ACCOUNT, id, site.name());
        account.identify(of(site).resolve("identity"), name, lifetime);
    }

    private Path of(NodeProcess node) {
        return stage.directory().resolve(node.name());
    }
}
