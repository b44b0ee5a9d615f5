package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site's command socket, played by a thread, as {@link CommandClient} and {@link SiteWatch} see
 * it.
 */
final class SiteWatchTest {
    private static final String CLOUD =
            """
            {"transport":"CLOUD","state":"CLOUD","pop":{"connected":true},\
            "peers":[{"id":1002,"name":"london","transport":"CLOUD","attached":true,"up":1}]}
            """;

    @TempDir Path directory;
    private ServerSocketChannel server;
    private CommandClient client;
    private volatile String answer = CLOUD;
    private volatile String asked = "";

    @BeforeEach
    void open() throws IOException {
        Path socket = directory.resolve("site.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
        client = new CommandClient(socket);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void serve() {
        ByteBuffer question = ByteBuffer.allocate(1000);
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                channel.read(question.clear());
                asked = StandardCharsets.UTF_8.decode(question.flip()).toString();
                channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                asked = "closed";
            }
        }
    }

    @Test
    void shouldAskInOneLineAndReadTheAnswer() throws IOException {
        SiteStatus status = SiteStatus.parse(client.ask("status"));

        assertEquals("{\"command\":\"status\"}\n", asked);
        assertTrue(status.isInCloud());
        assertFalse(status.isInRecovery());
        assertEquals("CLOUD, PoP up, peers: 1 by CLOUD, 1 tunnels up", status.toString());
    }

    @Test
    void shouldSayWhatIsWrongWithAnAnswer() {
        answer = "{]\n";
        assertThrows(IOException.class, () -> client.ask("status"));
        answer = "{";
        IOException e = assertThrows(IOException.class, () -> client.ask("status"));
        assertTrue(e.getMessage().contains("hung up without an answer"), e.getMessage());
    }

    @Test
    void shouldNotTakeAPeerInRecoveryForTheCloud() throws IOException {
        answer =
                CLOUD.replace(
                        "\"london\",\"transport\":\"CLOUD\"",
                        "\"london\",\"transport\":\"RECOVERY\"");

        assertFalse(SiteStatus.parse(client.ask("status")).isInCloud());
    }

    @Test
    void shouldTellOnePeersTransportFromTheOthers() {
        SiteStatus oneOff = status("CLOUD", true, "RECOVERY", "CLOUD");
        SiteStatus oneLeftOut = status("RECOVERY", false, "RECOVERY", "NONE");
        SiteStatus alone = status("RECOVERY", false, "NONE", "NONE");

        assertTrue(oneOff.isInCloudBut(Set.of("london")));
        assertFalse(oneOff.isInCloudBut(Set.of("madrid")));
        assertFalse(oneOff.isInCloudBut(Set.of()));
        assertFalse(status("CLOUD", false, "CLOUD", "CLOUD").isInCloudBut(Set.of()));
        assertTrue(oneLeftOut.isInRecoveryBut("madrid"));
        assertFalse(oneLeftOut.isInRecoveryBut("london"));
        assertFalse(oneLeftOut.isCutOff());
        assertTrue(alone.isCutOff());
        assertFalse(alone.isInRecoveryBut("madrid"));
    }

    private static SiteStatus status(
            String transport, boolean isPopConnected, String london, String madrid) {
        List<SiteStatus.Peer> peers =
                List.of(
                        new SiteStatus.Peer("london", london, true, 1),
                        new SiteStatus.Peer("madrid", madrid, true, 1));
        return new SiteStatus(
                transport,
                transport,
                isPopConnected,
                true,
                false,
                "frankfurt",
                List.of(443),
                peers);
    }

    @Test
    void shouldNoticeThatASiteNoLongerSaysSo() {
        NodeProcess site = site();
        try (SiteWatch watch = new SiteWatch(List.of(site))) {
            watch.start();
            assertEquals(-1, watch.awaitAny(List.of(site), (it, its) -> !its.isInCloud(), 300));
            answer = CLOUD.replace("CLOUD", "RECOVERY");
            assertTrue(watch.awaitAny(List.of(site), (it, its) -> !its.isInCloud(), 5000) >= 0);
        }
    }

    private NodeProcess site() {
        return new NodeProcess(
                "berlin",
                "berlin",
                List.of("true"),
                directory.resolve("site.sock"),
                directory.resolve("log"));
    }

    @Test
    void shouldWaitUntilASiteSaysSo() {
        NodeProcess site = site();
        try (SiteWatch watch = new SiteWatch(List.of(site))) {
            watch.start();
            assertTrue(watch.await(SiteStatus::isInCloud, 5000) >= 0);
            assertEquals(-1, watch.await(SiteStatus::isInRecovery, 300));
            answer = CLOUD.replace("CLOUD", "RECOVERY");
            assertTrue(watch.await(SiteStatus::isInRecovery, 5000) >= 0);
        }
    }
}
