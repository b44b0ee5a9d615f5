package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * R151 word for word. Hosts have the service address as their first resolver; the PoP dies, and the
 * resolver there with it: the address goes on answering, an internal zone's names come from its
 * server behind another site, and leases stay what they were.
 */
final class NamesStory {
    private static final String DIG =
            "ip netns exec %s dig +time=2 +tries=1 @" + NameServers.SERVICE + " %s";
    private static final Pattern STATUS = Pattern.compile("status: (\\w+)");
    private static final Pattern ANSWER =
            Pattern.compile("(?m)^\\S+\\.\\s+\\d+\\s+IN\\s+A\\s+(\\S+)$");
    private static final Pattern TIME = Pattern.compile("Query time: (\\d+) msec");
    private static final String LEASE =
            "ip netns exec %s busybox udhcpc -i %s -f -n -q -t 3 -T 1 -s %s";

    /** Prints what the lease says, without what changes with time. */
    private static final String SCRIPT =
            """
            #!/bin/sh
            [ "$1" = bound ] && echo "lease $ip/$mask router $router dns $dns for $lease s from $serverid"
            exit 0
            """;

    private static final String LEASED = "lease ";
    private static final long NAMES_MAX_MS = 20_000;
    private static final double GAP_MAX_MS = 500;
    private static final int FLYING = 20;
    private static final long HOLD_MS = 3_000;
    private static final double AT_ONCE_MS = 200;

    private final Stage stage;
    private final LabSite berlin;
    private final LabSite london;
    private final NameStream stream = new NameStream(NameServers.INTERNAL_NAME);

    NamesStory(Stage stage) {
        this.stage = stage;
        berlin = stage.network().sites().get(0);
        london = stage.network().sites().get(1);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        try (NameServers servers = new NameServers(stage.network(), stage.directory());
                HostThreads host = new HostThreads()) {
            servers.start();
            stage.awaitThat("answering names", this::areNamesThere, NAMES_MAX_MS);
            host.start(stage.network().namespacePath(berlin.hostNamespace()), stream);
            stage.awaitCalm();
            answers("", result);
            result.exactly("byThePop", isAnsweredBy("the PoP"), 1, "times");
            String lease = leases();
            stage.phase(lease);
            cut(servers, result);
            answers("OffCloud", result);
            result.exactly("byThisSite", isAnsweredBy("this site"), 1, "times");
            stage.phase("names: " + names());
            failsAtOnce(result);
            result.exactly("leasesUnchangedOffCloud", leases().equals(lease) ? 1 : 0, 1, "times");
            comeBack(servers, result);
            answers("AtLast", result);
            result.exactly("byThePopAtLast", isAnsweredBy("the PoP"), 1, "times");
            result.exactly("leasesUnchangedAtLast", leases().equals(lease) ? 1 : 0, 1, "times");
        }
    }

    private boolean areNamesThere() throws IOException {
        return NameServers.INTERNAL_ADDRESS.equals(address(berlin, NameServers.INTERNAL_NAME))
                && NameServers.WORLD_ADDRESS.equals(address(london, NameServers.WORLD_NAME));
    }

    private void cut(NameServers servers, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed, and the resolver there");
        stream.mark();
        stage.pop().kill();
        servers.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.stays("in recovery", SiteStatus::isInRecovery, HOLD_MS);
        result.atMost("longestWithoutNamesMs", stream.longestGapMs(), GAP_MAX_MS, "ms");
    }

    private void comeBack(NameServers servers, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        servers.pop().start();
        stream.mark();
        stage.comeBack(result);
        Thread.sleep(HOLD_MS);
        result.exactly("unansweredAtReturn", stream.unanswered(FLYING), 0, "queries");
    }

    /** Both kinds of name, by UDP and by TCP. */
    private void answers(String when, ScenarioResult.Builder result) throws IOException {
        String internal = NameServers.INTERNAL_NAME;
        int answered = 0;
        answered += isRight(address(berlin, internal), NameServers.INTERNAL_ADDRESS);
        answered += isRight(address(berlin, internal + " +tcp"), NameServers.INTERNAL_ADDRESS);
        result.exactly("internalAnswered" + when, answered, 2, "queries");
        answered = isRight(address(berlin, NameServers.WORLD_NAME), NameServers.WORLD_ADDRESS);
        answered +=
                isRight(
                        address(berlin, NameServers.WORLD_NAME + " +tcp"),
                        NameServers.WORLD_ADDRESS);
        result.exactly("othersAnswered" + when, answered, 2, "queries");
    }

    private static int isRight(String address, String expected) {
        return expected.equals(address) ? 1 : 0;
    }

    /** London knows no resolver of the Internet: its hosts are to ask their second one. */
    private void failsAtOnce(ScenarioResult.Builder result) throws IOException {
        String said = dig(london, NameServers.WORLD_NAME);
        result.exactly(
                "toldToAskTheSecond", found(STATUS, said).equals("SERVFAIL") ? 1 : 0, 1, "times");
        String time = found(TIME, said);
        result.atMost(
                "toldAfterMs", time.isEmpty() ? -1 : Integer.parseInt(time), AT_ONCE_MS, "ms");
        String internal = address(london, NameServers.INTERNAL_NAME);
        result.exactly(
                "internalStillAnswered",
                isRight(internal, NameServers.INTERNAL_ADDRESS),
                1,
                "queries");
    }

    private int isAnsweredBy(String who) throws IOException {
        return names().path("answeredBy").asString("").equals(who) ? 1 : 0;
    }

    private JsonNode names() throws IOException {
        return stage.sites().getFirst().ask("status").path("dns");
    }

    private static String address(LabSite from, String question) throws IOException {
        return found(ANSWER, dig(from, question));
    }

    private static String dig(LabSite from, String question) throws IOException {
        String line = DIG.formatted(from.hostNamespace(), question);
        return Programs.outcome(List.of(line.split(" "))).output();
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** By the server behind the second site, and by one of the third site's appliance. */
    private String leases() throws IOException, LabException {
        return lease(berlin) + "; " + lease(stage.network().sites().get(2));
    }

    /** What a client of the site's LAN is given now. */
    private String lease(LabSite site) throws IOException, LabException {
        Path script = stage.directory().resolve("lease.sh");
        Files.writeString(script, SCRIPT);
        Programs.run("chmod +x " + script);
        String line =
                LEASE.formatted(LanServer.clientNamespace(site), LanServer.CLIENT_DEVICE, script);
        String said = Programs.outcome(List.of(line.split(" "))).output();
        return said.lines()
                .filter(each -> each.startsWith(LEASED))
                .findFirst()
                .orElseThrow(() -> new LabException("no lease: " + said));
    }
}
