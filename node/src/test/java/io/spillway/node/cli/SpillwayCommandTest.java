package io.spillway.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.CommandSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SpillwayCommandTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Path EXAMPLES = Path.of(System.getProperty("spillway.home"), "examples");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path directory;

    @Test
    void shouldFindExamplesGood() {
        assertEquals(0, spillway("check", EXAMPLES.resolve("site.yaml")));
        assertEquals(0, spillway("check", EXAMPLES.resolve("pop.yaml")));

        assertTrue(out.toString().contains("good: site 1001 (berlin), WAN links 3"), out::toString);
        assertTrue(out.toString().contains("good: PoP frankfurt"), out::toString);
        assertEquals("", err.toString());
    }

    @Test
    void shouldPrintTheManualOfEveryCommand() throws IOException {
        assertEquals(0, spillway("man", "firewall", "apply"));
        String page = out.toString();
        assertTrue(page.startsWith(".TH \"SPILLWAY\\-FIREWALL\\-APPLY\" \"1\""), page);
        assertTrue(page.contains("spillway firewall apply"), page);
        assertTrue(page.contains(".B \"\\-\\-json\""), page);

        assertEquals(0, spillway("man", "--directory", directory));

        String all = Files.readString(directory.resolve("spillway.1"));
        assertTrue(all.contains(".B \"completion\""), all);
        assertTrue(Files.exists(directory.resolve("spillway-pki-issue.1")));
        assertEquals(2, spillway("man", "nonsense"));
    }

    @Test
    void shouldPrintWhatShellsNeedToCompleteCommands() throws Exception {
        assertEquals(0, spillway("completion"));

        Path script = Files.writeString(directory.resolve("completion"), out.toString());
        Process bash = new ProcessBuilder("bash", "-n", script.toString()).start();

        assertEquals(0, bash.waitFor());
        assertTrue(out.toString().contains("readiness"));
    }

    @Test
    void shouldNameEveryMistakeOfFileAndNothingElse() throws IOException {
        Path file = Files.writeString(directory.resolve("pop.yaml"), "pop: {name: f}\nlisten: 7\n");

        int status = spillway("check", file);

        assertEquals(2, status);
        assertEquals(
                List.of(
                        file
                                + ":1: pop.account: missing, expected a name (1 to 63 letters,"
                                + " digits or . _ -)",
                        file
                                + ":2: listen: 7: expected a mapping with address, device,"
                                + " tunnelPort, alternatePort, channelPort, mtu"),
                err.toString().lines().toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "check",
                "check a b",
                "status --nonsense",
                "routes --diff --all",
                "routes a b",
                "pki",
                "pki issue",
                "pki issue a b --site 0 --identity c",
                "pki issue a b --site -1 --identity c",
                "pki issue a b --site 1 --pop --identity c",
                "pki issue /nonexistent b --site 1 --identity c",
                "pki show /nonexistent",
                "check /nonexistent",
                "explain",
                "explain --dst nonsense",
                "explain --dst 10.1.1.8 --dport 80",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto tcp",
                "explain --dst 10.1.1.8 --proto icmp",
                "explain --dst 10.1.1.8 --src fd00::1 --proto icmp",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto icmpv6",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto icmp/3/1",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 256",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto icmp --dport 7",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto udp --dport 65536",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 50 --mac 02:00",
                "explain --dst 10.1.1.8 --fragment later",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 50 --fragment second",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 50 --identification 1",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 50 --fragment later --identification 65536",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 50 --icmp-error 8",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 50 --icmp-error 3/4 --error-from fd00::1",
                "explain --dst 10.1.1.8 --src 10.1.0.7 --proto 50 --error-from 10.1.0.8",
            })
    void shouldRefuseWrongUsageInWords(String arguments) {
        int status =
                spillway((Object[]) (arguments.isEmpty() ? new String[0] : arguments.split(" ")));

        assertEquals(2, status, err::toString);
        assertFalse(err.toString().isBlank());
        assertFalse(err.toString().contains("\tat "), err::toString);
    }

    @Test
    void shouldNameRulesForOtherSitesThatDecideNothing() throws IOException {
        Path policy =
                Files.writeString(
                        directory.resolve("policy.yaml"),
                        """
                        policy:
                          rules: []
                          wanRules:
                            - {name: web, services: [tcp/80-90], transport: off-cloud}
                            - {name: same, to: [site london], services: [tcp/85], transport: off-cloud}
                            - {name: other, from: [10.1.0.5], services: [tcp/86], transport: alt-wan}
                            - {name: free, services: [udp/53], transport: alt-wan}
                        """);
        String site = Files.readString(EXAMPLES.resolve("site.yaml"));
        Path file =
                Files.writeString(
                        directory.resolve("site.yaml"),
                        site.replaceAll("(?m)^#? ?lanFirewall:.*$", "")
                                + "\nlanFirewall: {policy: "
                                + policy
                                + "}\n");

        assertEquals(0, spillway("check", file), err::toString);

        String said = out.toString();
        assertTrue(
                said.contains(
                        "WAN rule same decides nothing: the same is said above, by web (such as"
                                + " any to any, tcp/85)"),
                said);
        assertTrue(
                said.contains(
                        "WAN rule other decides nothing: rules above take all of it: web (such as"
                                + " 10.1.0.5 to any, tcp/86)"),
                said);
        assertFalse(said.contains("free"), said);
    }

    @Test
    void shouldSayThatNoDaemonIsRunning() {
        Path socket = directory.resolve("none.sock");

        int status = spillway("status", "--socket", socket);

        assertEquals(1, status);
        assertEquals(
                "spillway: " + socket + ": no Spillway daemon is running there\n", err.toString());
    }

    @Test
    void shouldPrintDaemonsAnswer() throws IOException {
        Path path = directory.resolve("site.sock");
        JsonNode answer = JSON.readTree("{\"site\":7,\"peers\":[{\"name\":\"london\",\"up\":2}]}");

        try (CommandSocket _ = CommandSocket.open(path, Map.of("status", request -> answer))) {
            assertEquals(0, spillway("status", "--socket", path, "--json"));
            assertEquals(0, spillway("status", "--socket", path));
            assertEquals(1, spillway("drops", "--socket", path));
        }

        assertEquals(
                "{\"site\":7,\"peers\":[{\"name\":\"london\",\"up\":2}]}\n"
                        + "site  7\n\npeers:\nNAME    UP\nlondon   2\n",
                out.toString());
        assertEquals("spillway: unknown command drops, expected one of status\n", err.toString());
    }

    @Test
    void shouldShowRoutesByPage() throws IOException {
        Path path = directory.resolve("site.sock");
        List<String> asked = new ArrayList<>();

        try (CommandSocket _ =
                CommandSocket.open(path, Map.of("routes", request -> routes(request, asked)))) {
            assertEquals(0, spillway("routes", "10.0.0.0/8", "--socket", path));
            assertEquals(0, spillway("routes", "--source", "bgp", "--all", "--socket", path));
        }

        assertEquals(
                List.of(
                        "{'command':'routes','prefix':'10.0.0.0/8','frozen':false,'waiting':false}",
                        "{'command':'routes','source':'bgp','frozen':false,'waiting':false,"
                                + "'count':2000}",
                        "{'command':'routes','source':'bgp','frozen':false,'waiting':false,"
                                + "'count':2000,'after':'10.1.0.0/16'}"),
                asked);
        assertEquals(
                """
                routes:
                PREFIX
                10.1.0.0/16
                ... and 7 more, --all shows them
                routes:
                PREFIX
                10.1.0.0/16
                routes:
                PREFIX
                10.2.0.0/16
                """,
                out.toString());
    }

    private static JsonNode routes(JsonNode request, List<String> asked) {
        asked.add(request.toString().replace('"', '\''));
        return request.has("after")
                ? JSON.readTree("{\"routes\":[{\"prefix\":\"10.2.0.0/16\"}]}")
                : JSON.readTree(
                        "{\"routes\":[{\"prefix\":\"10.1.0.0/16\"}],\"more\":7,"
                                + "\"after\":\"10.1.0.0/16\"}");
    }

    @Test
    void shouldRunAuthorityOnOneMachine() {
        Path authority = directory.resolve("authority");
        Path identity = directory.resolve("identity");

        assertEquals(0, spillway("pki", "init", authority, "acme"));
        assertEquals(
                0,
                spillway(
                        "pki",
                        "issue",
                        authority,
                        "berlin",
                        "--site",
                        "18446744073709551615",
                        "--identity",
                        identity));
        assertEquals(0, spillway("pki", "show", identity));
        assertEquals(0, spillway("pki", "revoke", authority, "--site", "18446744073709551615"));
        assertEquals(1, spillway("pki", "revoke", authority, "--site", "18446744073709551615"));
        assertEquals(0, spillway("pki", "show", authority));
        assertEquals(2, spillway("pki", "init", authority, "acme"));

        assertTrue(out.toString().contains("site 18446744073709551615 of account acme"));
        assertTrue(out.toString().contains("  revoked  "), out::toString);
        assertTrue(err.toString().contains("no such certificate is in force"), err::toString);
        assertTrue(err.toString().contains("exists already, will not be overwritten"));
    }

    @Test
    void shouldCarryOnlyRequestAndCertificateBetweenMachines() throws IOException {
        Path authority = directory.resolve("authority");
        Path identity = directory.resolve("identity");
        spillway("pki", "init", authority, "acme");
        Path request = directory.resolve("request.pem");
        Path certificate = directory.resolve("certificate.pem");

        Files.writeString(request, output("pki", "request", identity, "frankfurt"));
        Files.writeString(
                certificate,
                output("pki", "issue", authority, "frankfurt", "--pop", "--request", request));
        String installed =
                output(
                        "pki",
                        "install",
                        identity,
                        certificate,
                        authority.resolve("authority.pem"),
                        authority.resolve("revoked.crl"));

        assertEquals(identity + ": PoP frankfurt of account acme\n", installed);
        assertEquals("", err.toString());
    }

    @Test
    void shouldRefuseRequestThatIsNone() throws IOException {
        Path authority = directory.resolve("authority");
        spillway("pki", "init", authority, "acme");
        Path garbage = Files.writeString(directory.resolve("garbage"), "-----BEGIN NOTHING-----");

        int status = spillway("pki", "issue", authority, "f", "--pop", "--request", garbage);

        assertEquals(2, status, err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
    }

    private String output(Object... arguments) {
        out.getBuffer().setLength(0);
        assertEquals(0, spillway(arguments), err::toString);
        return out.toString();
    }

    private int spillway(Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return SpillwayCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
    }
}
