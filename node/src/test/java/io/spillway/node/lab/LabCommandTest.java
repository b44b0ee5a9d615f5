package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class LabCommandTest {
    private static final int USAGE = 2;
    private final StringWriter messages = new StringWriter();

    @TempDir Path directory;

    @Test
    void shouldRefuseANumberOfSitesOrCutsItCannotDo() {
        assertEquals(USAGE, execute("--sites", "2"));
        assertTrue(messages.toString().contains("--sites 2: expected 3 to 8"), messages::toString);
        assertEquals(USAGE, execute("--cuts", "0"));
        assertTrue(messages.toString().contains("--cuts 0: expected 1"), messages::toString);
        assertEquals(USAGE, execute("--ways", "drop,axe"));
        assertTrue(messages.toString().contains("axe: expected sigkill"), messages::toString);
    }

    @Test
    void shouldRefusePathsAndTimesThatMakeNoSense() {
        assertEquals(USAGE, execute("--rtt", "-1"));
        assertTrue(
                messages.toString().contains("--rtt -1: expected 0 to 1000"), messages::toString);
        for (String wrong : new String[] {"0s", "-1h", "long", ""}) {
            assertEquals(USAGE, execute("--calm", wrong));
            String expected = "--calm " + wrong + ": expected a duration such as 60s or 1h";
            assertTrue(messages.toString().contains(expected), messages::toString);
        }
        assertEquals(USAGE, execute("--scenario", "masquerade", "--svg", "cut.svg"));
    }

    @Test
    void shouldRefuseWhatWouldHaveNoEffect() {
        assertEquals(USAGE, execute("--scenario", "slow-path", "--rtt", "40"));
        assertTrue(messages.toString().contains("--rtt: not with --scenario"), messages::toString);
        String[][] without = {{"--calm", "1h"}, {"--calm", "1h", "--scenario", "masquerade"}};
        for (String[] arguments : without) {
            messages.getBuffer().setLength(0);
            assertEquals(USAGE, execute(arguments));
            assertTrue(
                    messages.toString().contains("--calm: only with --scenario slow-path"),
                    messages::toString);
        }
    }

    @Test
    void shouldRefuseMoreSitesThanAStoryNames() {
        assertEquals(USAGE, execute("--scenario", "reasons-path", "--sites", "4"));
        String expected = "--scenario reasons-path: reasons-path is told of 3 sites, not 4";
        assertTrue(messages.toString().contains(expected), messages::toString);
    }

    @Test
    void shouldHideTheSwitchesOfItsOwnTests() {
        String usage = new CommandLine(new LabCommand()).getUsageMessage();

        assertTrue(usage.contains("--capture=FILE"), usage);
        assertTrue(usage.contains("verify"), usage);
        assertFalse(usage.contains("--no-"), usage);
    }

    @Test
    void shouldFailToVerifyACaptureWithoutOutages() throws Exception {
        Path capture =
                new PcapFixture()
                        .udp(1, "198.51.100.2", "198.51.100.6", 443, 90, (byte) 25)
                        .write(directory.resolve("internet.pcap"));

        assertEquals(1, execute("verify", capture.toString()));
    }

    @Test
    void shouldRefuseToVerifyWhatIsNoCapture() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "not a capture, but long enough");

        assertEquals(USAGE, execute("verify", text.toString()));
        assertEquals(USAGE, execute("verify", directory.resolve("missing").toString()));
    }

    private int execute(String... arguments) {
        CommandLine command = new CommandLine(new LabCommand());
        command.setErr(new PrintWriter(messages));
        return command.execute(arguments);
    }
}
