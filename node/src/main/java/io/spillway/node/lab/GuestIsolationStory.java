package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;

/**
 * A network for guests reaches the Internet and no other site, nor does any reach it (R119): with a
 * PoP, without one, and after its return.
 */
final class GuestIsolationStory {
    private static final String PING = "ip netns exec %s ping -n -c 3 -i 0.2 -W 1 %s";
    private static final String REPLY = "bytes from";
    private static final String PROHIBITED = "Packet filtered";
    private static final long LOOK_MS = 2_000;
    private static final long RETURN_MS = 30_000;

    private final Stage stage;
    private final LabSite site;
    private final LabSite other;
    private final String guest;

    GuestIsolationStory(Stage stage) {
        this.stage = stage;
        site = stage.network().sites().getFirst();
        other = stage.network().sites().get(1);
        guest = LanGuest.namespace(site);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        try (InternetView view = new InternetView(stage)) {
            InternetAsker asker = view.ask(guest);
            stage.awaitCalm();
            look(result, view, asker, "ByPop", LabSite.POP_ADDRESS);
            stage.phase("PoP process killed");
            stage.pop().kill();
            stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
            Thread.sleep(LOOK_MS);
            look(result, view, asker, "Directly", site.wanAddress());
            stage.comeBack(result);
            stage.awaitThat("on the Internet by the PoP", this::isByPop, RETURN_MS);
            look(result, view, asker, "AtLast", LabSite.POP_ADDRESS);
            view.requireWell();
        }
    }

    private boolean isByPop() throws IOException {
        String state = stage.sites().getFirst().ask("status").at("/internet/state").asString("");
        return state.equals("CLOUD");
    }

    private void look(
            ScenarioResult.Builder result,
            InternetView view,
            InternetAsker asker,
            String when,
            String address)
            throws IOException, InterruptedException {
        stage.phase("what guests reach");
        List<Long> mark = view.mark();
        Thread.sleep(LOOK_MS);
        boolean isSeen = view.isSeenAs(asker, address, mark);
        result.exactly("guestSeenAs " + address + when, isSeen ? 1 : 0, 1, "times");
        result.exactly("guestBytes" + when, view.download(guest), InternetFile.LENGTH, "bytes");
        String toSite = ping(guest, other.hostAddress());
        result.exactly("guestToSiteAnswered" + when, count(toSite, REPLY), 0, "echoes");
        result.atLeast("guestToldSo" + when, count(toSite, PROHIBITED), 1, "times");
        String toGuest = ping(other.hostNamespace(), LanGuest.address4(site));
        result.exactly("siteToGuestAnswered" + when, count(toGuest, REPLY), 0, "echoes");
        result.atLeast("siteToldSo" + when, count(toGuest, PROHIBITED), 1, "times");
        String toOffice = ping(other.hostNamespace(), site.hostAddress());
        result.exactly("siteToOfficeAnswered" + when, count(toOffice, REPLY), 3, "echoes");
    }

    private static String ping(String namespace, String to) throws IOException {
        return Programs.outcome(List.of(PING.formatted(namespace, to).split(" "))).output();
    }

    private static int count(String said, String words) {
        return said.split(words, -1).length - 1;
    }
}
