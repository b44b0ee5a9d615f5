package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes the PoP away and brings it back. Drops are silent: the Internet answers nothing. */
final class Cutter {
    private static final String RULE = "add rule ip lab cut %s drop";
    private static final String TO_POP = "ip daddr " + LabSite.POP_ADDRESS;
    private static final String FROM_POP = "ip saddr " + LabSite.POP_ADDRESS;

    private final LabNetwork network;
    private final NodeProcess pop;

    /** Namespaces with rules that drop. */
    private final Set<String> cutIn = new TreeSet<>();

    private int oneWayCuts;

    Cutter(LabNetwork network, NodeProcess pop) {
        this.network = network;
        this.pop = pop;
    }

    void cut(CutKind kind) throws IOException {
        switch (kind) {
            case SIGKILL -> pop.kill();
            case SIGSTOP -> pop.stop();
            case DROP -> drop(List.of(TO_POP, FROM_POP));
            // Towards the PoP and from it in turn: a site must notice either.
            case ONE_WAY_DROP -> drop(List.of(oneWayCuts++ % 2 == 0 ? TO_POP : FROM_POP));
        }
    }

    void restore(CutKind kind) throws IOException {
        switch (kind) {
            case SIGKILL -> pop.start();
            case SIGSTOP -> pop.resume();
            case DROP, ONE_WAY_DROP -> heal();
        }
    }

    /** Takes the PoP away from some sites, or a part of what goes between both. */
    void cut(List<LabSite> sites, PopTraffic what) throws IOException {
        List<String> matches = new ArrayList<>();
        for (LabSite site : sites) {
            String address = site.wanAddress();
            matches.add("ip saddr " + address + " " + TO_POP + " " + what.match());
            matches.add(FROM_POP + " ip daddr " + address + " " + what.match());
        }
        drop(matches);
    }

    /** Takes one way out away from some sites, for whatever they send and get. */
    void cut(List<LabSite> sites, LabUplink uplink) throws IOException {
        List<String> matches = new ArrayList<>();
        for (LabSite site : sites) {
            matches.add("ip saddr " + uplink.address(site));
            matches.add("ip daddr " + uplink.address(site));
        }
        drop(uplink.namespace(), matches);
    }

    /** Takes the Internet between two sites away; each keeps its way to the PoP. */
    void cut(LabSite one, LabSite other) throws IOException {
        String between = "ip saddr %s ip daddr %s";
        drop(
                List.of(
                        between.formatted(one.wanAddress(), other.wanAddress()),
                        between.formatted(other.wanAddress(), one.wanAddress())));
    }

    /** Takes that PoP node alone away from a site. */
    void cut(LabSite site, LabPop pop) throws IOException {
        String address = site.wanAddress();
        drop(
                List.of(
                        "ip saddr " + address + " ip daddr " + pop.address(),
                        "ip saddr " + pop.address() + " ip daddr " + address));
    }

    /** No datagram to that port of any PoP passes. */
    void block(int udpPort) throws IOException {
        drop(List.of("udp dport " + udpPort));
    }

    /** Everything passes again. */
    void heal() throws IOException {
        for (String cut : cutIn) {
            network.in(cut, "nft flush chain ip lab cut");
        }
        cutIn.clear();
    }

    private void drop(List<String> matches) throws IOException {
        drop(LabSite.INTERNET_NAMESPACE, matches);
    }

    /** In one transaction: what is cut both ways is never cut one way only. */
    private void drop(String namespace, List<String> matches) throws IOException {
        String rules = matches.stream().map(RULE::formatted).collect(Collectors.joining(" ; "));
        cutIn.add(namespace);
        network.in(namespace, "nft " + rules);
    }
}
