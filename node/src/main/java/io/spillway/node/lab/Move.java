package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;

/** Ways in which a site's end of all its tunnels becomes another one. */
enum Move {
    /** Its router goes down and comes up with nothing in memory, and gives out other ports. */
    NAT_REBOOT {
        @Override
        void make(LabNetwork network, LabSite site) throws IOException {
            String box = site.natBox(1);
            network.in(box, "nft flush chain ip nat translate");
            network.in(
                    box,
                    "nft add rule ip nat translate oifname wan0 meta l4proto { tcp, udp }"
                            + " masquerade to :40000-49999");
            // The kernel forgets its mappings with the device.
            atOnce(
                    box,
                    "ip link set wan0 down",
                    "ip link set wan0 up",
                    "ip route add default via " + site.wanGateway());
        }
    },

    /** Its provider gives it an address in another network. */
    ADDRESS_CHANGE {
        @Override
        void make(LabNetwork network, LabSite site) throws IOException {
            String inet = LabSite.INTERNET_NAMESPACE;
            String device = site.internetDevice();
            network.in(inet, "ip address add " + site.otherWanGateway() + "/30 dev " + device);
            String wan = " dev " + LabNetwork.WAN_DEVICE;
            atOnce(
                    site.name(),
                    "ip address del " + site.wanAddress() + "/30" + wan,
                    "ip address add " + site.otherWanAddress() + "/30" + wan,
                    "ip route add default via " + site.otherWanGateway());
            network.in(inet, "ip address del " + site.wanGateway() + "/30 dev " + device);
        }
    };

    /** It is not the time without a way that is to be seen here, so there is little of it. */
    private static void atOnce(String namespace, String... commands) throws IOException {
        String script = String.join(" && ", commands);
        Programs.run(List.of("ip", "netns", "exec", namespace, "sh", "-c", script));
    }

    abstract void make(LabNetwork network, LabSite site) throws IOException;
}
