package io.spillway.crypto.handshake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.KeyLog;
import io.spillway.crypto.Session;
import io.spillway.crypto.handshake.Conversation.Fate;
import io.spillway.crypto.handshake.Conversation.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture of a conversation, and its key log, as Wireshark's command line sees them. */
class CaptureDecryptionTest {
    private static final int LINKTYPE_RAW = 101;
    private static final int IP_AND_UDP_LENGTH = 28;

    @TempDir Path directory;

    @Test
    void shouldLetWiresharkDecryptOurRecords() throws Exception {
        requireTshark();
        Path keys = directory.resolve("keys");
        Path capture = directory.resolve("capture.pcap");
        Pcap pcap = new Pcap();
        Network tapped =
                (fromClient, index, datagram) -> {
                    pcap.add(fromClient, datagram);
                    return Fate.PASS;
                };
        TestParty party = new TestParty(directory);

        try (KeyLog log = KeyLog.open(keys);
                var talk =
                        Conversation.start(
                                new DtlsHandshakes(TestParty.config(party.alice).withKeyLog(log)),
                                party.acceptor(),
                                tapped);
                Session client = TestSessions.of(talk.client.result());
                Session server = TestSessions.of(talk.server.result())) {
            pcap.add(true, TestSessions.seal(client, "marker of the client"));
            pcap.add(false, TestSessions.seal(server, "marker of the server"));
        }
        Files.write(capture, pcap.bytes());

        String shown = tshark(capture, keys);
        for (String marker : new String[] {"marker of the client", "marker of the server"}) {
            String hex =
                    java.util.HexFormat.of().formatHex(marker.getBytes(StandardCharsets.UTF_8));
            assertTrue(shown.contains(hex), shown);
        }
    }

    private static String tshark(Path capture, Path keys) throws Exception {
        Process process =
                new ProcessBuilder(
                                "tshark",
                                "-r",
                                capture.toString(),
                                "-o",
                                "tls.keylog_file:" + keys,
                                "-d",
                                "udp.port==443,dtls",
                                "-T",
                                "fields",
                                "-e",
                                "_ws.col.Info",
                                "-e",
                                "data.data")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), output);
        return output;
    }

    private static void requireTshark() throws Exception {
        try {
            Process version =
                    new ProcessBuilder("tshark", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            Assumptions.assumeTrue(version.waitFor() == 0, "skipped: tshark does not run");
        } catch (IOException e) {
            assertTrue(!"true".equals(System.getenv("CI")), "tshark is not installed");
            Assumptions.abort("skipped: tshark is not installed");
        }
    }

    /** A classic capture file of IPv4 packets without link layer. */
    private static final class Pcap {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Pcap() {
            bytes.writeBytes(
                    ByteBuffer.allocate(24)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(0xA1B2C3D4)
                            .putShort((short) 2)
                            .putShort((short) 4)
                            .putLong(0)
                            .putInt(65535)
                            .putInt(LINKTYPE_RAW)
                            .array());
        }

        synchronized void add(boolean fromClient, byte[] datagram) {
            int length = IP_AND_UDP_LENGTH + datagram.length;
            bytes.writeBytes(
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(0)
                            .putInt(length)
                            .putInt(length)
                            .array());
            bytes.writeBytes(
                    ByteBuffer.allocate(length)
                            .putInt(0x45000000 | length)
                            .putInt(0)
                            .putInt(0x40110000)
                            .putInt(fromClient ? 0xC6336402 : 0xCB00710A)
                            .putInt(fromClient ? 0xCB00710A : 0xC6336402)
                            .putShort((short) (fromClient ? 20060 : 443))
                            .putShort((short) (fromClient ? 443 : 20060))
                            .putShort((short) (8 + datagram.length))
                            .putShort((short) 0)
                            .put(datagram)
                            .array());
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
