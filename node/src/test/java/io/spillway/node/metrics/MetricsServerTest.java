package io.spillway.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MetricsServerTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int WAIT_MS = 10_000;
    private static final int PEERS = 200_000;
    private static final int RECEIVED_MAX = 64 << 10;

    private MetricsServer server;

    @AfterEach
    void close() {
        server.close();
    }

    private void open(Supplier<Scrape> source, Duration connectionMax) throws IOException {
        server = MetricsServer.open(ANY_PORT, source, connectionMax);
    }

    private static Scrape scrape() {
        Scrape scrape = new Scrape(Labels.of("site", "berlin"));
        scrape.add(Metric.CLOUD_UP, true);
        return scrape;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(server.local().getAddress(), server.local().getPort());
        socket.setSoTimeout(WAIT_MS);
        return socket;
    }

    /** The whole answer, until the end of the connection. */
    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n";
    }

    @Test
    void shouldTellFiguresAndEndTheConnection() throws IOException {
        open(MetricsServerTest::scrape, LONG);

        String answer = ask(get("/metrics"));

        String[] parts = answer.split("\r\n\r\n", 2);
        assertTrue(parts[0].startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(parts[0].contains("content-type: text/plain; version=0.0.4"), answer);
        assertTrue(parts[0].contains("connection: close"), answer);
        assertTrue(parts[0].contains("content-length: " + parts[1].length()), answer);
        assertTrue(parts[1].endsWith("\nspillway_cloud_up{site=\"berlin\"} 1\n"), answer);
        assertTrue(ask(get("/metrics?x=1")).startsWith("HTTP/1.1 200 OK\r\n"));
    }

    @Test
    void shouldTellOpenMetricsToWhoAsksForIt() throws IOException {
        open(MetricsServerTest::scrape, LONG);

        String answer =
                ask(
                        "GET /metrics HTTP/1.1\r\nHost: here\r\n"
                                + "Accept: application/openmetrics-text; version=1.0.0\r\n\r\n");

        assertTrue(answer.contains("content-type: application/openmetrics-text;"), answer);
        String text = answer.split("\r\n\r\n", 2)[1];
        assertEquals(1, Figures.read(text, "site").value("cloud_up{}"));
    }

    @Test
    void shouldTellOnlyTheHeadToWhoAsksForIt() throws IOException {
        open(MetricsServerTest::scrape, LONG);

        String answer = ask("HEAD /metrics HTTP/1.1\r\nHost: here\r\n\r\n");

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.contains("content-length: ") && answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void shouldRefuseWhatIsNotThere() throws IOException {
        open(MetricsServerTest::scrape, LONG);

        assertStatus("404 Not Found", get("/"));
        assertStatus("404 Not Found", get("/metrics/../../etc/passwd"));
        assertStatus("404 Not Found", get("http://here/metrics"));
        String refused = assertStatus("405 Method Not Allowed", "POST /metrics HTTP/1.1\r\n\r\n");
        assertTrue(refused.contains("allow: GET, HEAD\r\n"), refused);
    }

    @Test
    void shouldRefuseWhatIsNoRequest() throws IOException {
        open(MetricsServerTest::scrape, LONG);

        assertStatus("400 Bad Request", "hello\r\n\r\n");
        assertStatus("400 Bad Request", "GET /metrics HTTP/x\r\n\r\n");
        assertStatus("400 Bad Request", get("/".repeat(MetricsServer.LINE_LENGTH_MAX)));
        String header = "x: " + "y".repeat(MetricsServer.HEADERS_LENGTH_MAX);
        assertStatus("400 Bad Request", "GET /metrics HTTP/1.1\r\n" + header + "\r\n\r\n");
    }

    @Test
    void shouldNotReadWhatStandsBehindARequest() throws IOException {
        open(MetricsServerTest::scrape, LONG);
        String head = "GET /metrics HTTP/1.1\r\nContent-Length: 200000\r\n\r\n";

        assertStatus("200 OK", head + "z".repeat(200_000));
        String twice = assertStatus("200 OK", get("/metrics").repeat(2));

        assertEquals(twice.indexOf("HTTP/1.1"), twice.lastIndexOf("HTTP/1.1"), twice);
    }

    private String assertStatus(String status, String request) throws IOException {
        String answer = ask(request);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
        return answer;
    }

    /** Whatever comes, the next one is answered. */
    @Test
    void shouldOutliveNoise() throws IOException {
        open(MetricsServerTest::scrape, SHORT);
        long seed = Long.getLong("spillway.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);

        for (int round = 0; round < 20; round++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            try (Socket socket = connect()) {
                socket.getOutputStream().write(noise);
                socket.getOutputStream().write("\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            }
        }

        assertTimeoutPreemptively(LONG, this::awaitAnswer, () -> "seed " + seed);
    }

    @Test
    void shouldSayThatFiguresCouldNotBeGathered() throws IOException {
        List<Integer> asked = new ArrayList<>();
        open(
                () -> {
                    asked.add(1);
                    if (asked.size() == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                    return scrape();
                },
                LONG);

        assertStatus("500 Internal Server Error", get("/metrics"));
        assertStatus("200 OK", get("/metrics"));
    }

    @Test
    void shouldEndWhoNeverAsks() throws IOException {
        open(MetricsServerTest::scrape, SHORT);

        assertEquals("", ask("GET /met"));
    }

    /** More than sockets take, so that the rest waits for the reader. */
    @Test
    void shouldEndWhoNeverReads() throws Exception {
        Scrape large = new Scrape(Labels.of("site", "berlin"));
        for (int peer = 0; peer < PEERS; peer++) {
            large.add(Metric.PEER_READY, Labels.of("peer", "site" + peer), true);
        }
        open(() -> large, SHORT);
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(RECEIVED_MAX);
            slow.connect(server.local());
            slow.getOutputStream().write(get("/metrics").getBytes(StandardCharsets.UTF_8));
            Thread.sleep(2 * SHORT.toMillis());

            int length = Figures.write(Exposition.TEXT, large).length();
            assertTrue(count(slow.getInputStream()) < length);
        }
    }

    /** Bytes until the end, whichever it is. */
    private static int count(InputStream in) {
        int count = 0;
        try {
            byte[] part = new byte[RECEIVED_MAX];
            for (int length = in.read(part); length >= 0; length = in.read(part)) {
                count += length;
            }
            return count;
        } catch (IOException e) {
            return count;
        }
    }

    @Test
    void shouldCloseConnectionsThatAreTooMany() throws IOException {
        open(MetricsServerTest::scrape, LONG);
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < MetricsServer.CONNECTIONS_MAX; i++) {
            idle.add(connect());
        }

        try (Socket more = connect()) {
            assertEquals(-1, more.getInputStream().read());
        }
        for (Socket socket : idle) {
            socket.close();
        }
        awaitAnswer();
    }

    private void awaitAnswer() {
        while (!isAnswered()) {
            Thread.onSpinWait();
        }
    }

    /** As soon as the server has seen that others are gone. */
    private boolean isAnswered() {
        try {
            return ask(get("/metrics")).startsWith("HTTP/1.1 200 OK\r\n");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldNameTheKeyWhenItCannotListen() throws IOException {
        open(MetricsServerTest::scrape, LONG);
        int port = server.local().getPort();

        IOException taken =
                assertThrows(
                        IOException.class,
                        () -> MetricsServer.open(server.local(), MetricsServerTest::scrape));
        InetSocketAddress foreign = new InetSocketAddress("192.0.2.1", port);
        IOException elsewhere =
                assertThrows(
                        IOException.class,
                        () -> MetricsServer.open(foreign, MetricsServerTest::scrape));

        String key = "metrics.listen: 127.0.0.1:" + port + ": ";
        assertTrue(taken.getMessage().startsWith(key), taken.getMessage());
        assertTrue(taken.getMessage().contains("in use"), taken.getMessage());
        assertTrue(elsewhere.getMessage().startsWith("metrics.listen: 192.0.2.1:"));
    }
}
