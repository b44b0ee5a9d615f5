package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;

/** Takes the PoP away and brings it back. Drops are silent: the Internet answers nothing. */
final class Cutter {
    private static final String RULE =
            "nft add rule ip lab cut ip %s " + LabSite.POP_ADDRESS + " drop";

    private static final List<String> SITE_RULES =
            List.of(
                    "nft add rule ip lab cut ip saddr %s ip daddr "
                            + LabSite.POP_ADDRESS
                            + " %s drop",
                    "nft add rule ip lab cut ip daddr %s ip saddr "
                            + LabSite.POP_ADDRESS
                            + " %s drop");

    private final LabNetwork network;
    private final NodeProcess pop;
    private int oneWayCuts;

    Cutter(LabNetwork network, NodeProcess pop) {
        this.network = network;
        this.pop = pop;
    }

    void cut(CutKind kind) throws IOException {
        switch (kind) {
            case SIGKILL -> pop.kill();
            case SIGSTOP -> pop.stop();
            case DROP -> {
                drop("daddr");
                drop("saddr");
            }
            // Towards the PoP and from it in turn: a site must notice either.
            case ONE_WAY_DROP -> drop(oneWayCuts++ % 2 == 0 ? "daddr" : "saddr");
        }
    }

    void restore(CutKind kind) throws IOException {
        switch (kind) {
            case SIGKILL -> pop.start();
            case SIGSTOP -> pop.resume();
            case DROP, ONE_WAY_DROP -> heal();
        }
    }

    /** Takes the PoP away from one site, or a part of what goes between both. */
    void cut(LabSite site, PopTraffic what) throws IOException {
        for (String rule : SITE_RULES) {
            network.in(LabSite.INTERNET_NAMESPACE, rule.formatted(site.wanAddress(), what.match()));
        }
    }

    /** Everything passes again. */
    void heal() throws IOException {
        network.in(LabSite.INTERNET_NAMESPACE, "nft flush chain ip lab cut");
    }

    private void drop(String field) throws IOException {
        network.in(LabSite.INTERNET_NAMESPACE, RULE.formatted(field));
    }
}
