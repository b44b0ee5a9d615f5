package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a site's lab has beside its first WAN. */
final class ExtraUplinks {
    /** Tables of a namespace that things can be cut in, as the Internet's. */
    private static final List<String> CUTTABLE =
            List.of(
                    "sysctl -qw net.ipv4.ip_forward=1",
                    "nft add table ip lab",
                    "nft add chain ip lab cut { type filter hook forward priority 0 ; }");

    /** Answers come by the link that was asked over, which need not be the best route's. */
    private static final String NO_REVERSE_PATH_CHECK =
            "sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.%s.rp_filter=0";

    private final LabNetwork network;
    private final LabShape shape;

    ExtraUplinks(LabNetwork network, LabShape shape) {
        this.network = network;
        this.shape = shape;
    }

    /** Of the namespaces that join sites. */
    void buildShared() throws IOException {
        if (shape.hasAltWan()) {
            network.add(LabUplink.ALT_WAN.namespace());
            for (String command : CUTTABLE) {
                network.in(LabUplink.ALT_WAN.namespace(), command);
            }
        }
    }

    void build(LabSite site) throws IOException {
        for (LabUplink uplink : shape.extraUplinks()) {
            build(site, uplink);
        }
    }

    private void build(LabSite site, LabUplink uplink) throws IOException {
        if (isBehindNat(uplink)) {
            String box = box(site);
            network.add(box);
            LabNetwork.connect(
                    uplink.namespace(), uplink.farDevice(site), box, NatBox.OUTSIDE_DEVICE);
            network.configureWire(uplink.namespace(), uplink.farDevice(site), uplink.gateway(site));
            network.configureWire(box, NatBox.OUTSIDE_DEVICE, uplink.address(site));
            network.in(box, "ip route add default via " + uplink.gateway(site));
            plugIn(site, uplink);
            new NatBox(network, box).configure(shape.secondNat(), null);
        } else {
            plugIn(site, uplink);
        }
    }

    /** The wire between the site and what is next to it; also when that was taken away before. */
    void plugIn(LabSite site, LabUplink uplink) throws IOException {
        String far = isBehindNat(uplink) ? box(site) : uplink.namespace();
        String farDevice = isBehindNat(uplink) ? NatBox.INSIDE_DEVICE : uplink.farDevice(site);
        String address = isBehindNat(uplink) ? behindNat(site, 2) : uplink.address(site);
        LabNetwork.connect(far, farDevice, site.name(), uplink.device());
        network.configureWire(far, farDevice, gateway(site, uplink));
        network.configureWire(site.name(), uplink.device(), address);
        network.in(site.name(), NO_REVERSE_PATH_CHECK.formatted(uplink.device()));
        network.in(site.name(), uplink.route(gateway(site, uplink)));
    }

    /** The site's. */
    String gateway(LabSite site, LabUplink uplink) {
        return isBehindNat(uplink) ? behindNat(site, 1) : uplink.gateway(site);
    }

    private boolean isBehindNat(LabUplink uplink) {
        return uplink == LabUplink.SECOND && shape.secondNat() != NatKind.NONE;
    }

    private static String behindNat(LabSite site, int number) {
        return "192.168." + (101 + site.index()) + "." + number;
    }

    private static String box(LabSite site) {
        return site.name() + "-nat-wan1";
    }

    /** Lines of the site's configuration, behind the first link's. */
    String links() {
        List<String> lines = new ArrayList<>();
        for (LabUplink uplink : shape.extraUplinks()) {
            lines.add(
                    switch (uplink) {
                        case FIRST -> throw new IllegalStateException("it is not extra");
                        case SECOND ->
                                "  - {name: %s, device: %s, port: %d, precedence: 1, mtu: 1500}\n"
                                        .formatted(
                                                uplink.link(),
                                                uplink.device(),
                                                LabSite.SECOND_WAN_PORT);
                        case ALT_WAN ->
                                "  - {name: %s, role: alt-wan, device: %s, mtu: 1500}\n"
                                        .formatted(uplink.link(), uplink.device());
                    });
        }
        return String.join("", lines);
    }
}
