package io.spillway.node.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.spillway.node.notify.WebhookSecret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somewhere on the Internet: takes the notices of all nodes, and looks at who signed them. */
final class NoticeReceiver implements HostJob {
    private static final String NAMESPACE = "receiver";
    private static final String ADDRESS = "192.0.2.138";
    private static final String GATEWAY = "192.0.2.137";
    private static final int PORT = 8080;
    private static final String SECRET = "a secret of the lab, no other";
    private static final int NO_CONTENT = 204;
    private static final int NO_BODY = -1;

    private final WebhookSecret secret;
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * A notice that came.
     *
     * @param atMs wall clock
     */
    record Taken(long atMs, boolean isSigned, JsonNode notice) {
        String id() {
            return notice.path("id").asString("");
        }

        boolean isFrom(NodeProcess node) {
            return notice.path("from").path("name").asString("").equals(node.name());
        }

        boolean says(String message) {
            return notice.path("message").asString("").equals(message);
        }
    }

    NoticeReceiver(Path directory) throws IOException {
        secret = WebhookSecret.read(secretFile(directory));
    }

    /** Its wire and its address. */
    static void build(LabNetwork network) throws IOException {
        network.attach(NAMESPACE, "eth0", "to-" + NAMESPACE, ADDRESS, GATEWAY);
    }

    static Path namespace(LabNetwork network) {
        return network.namespacePath(NAMESPACE);
    }

    /** Of every node; writes the file with the secret. */
    static String configuration(Path directory) throws IOException {
        Path file = Files.writeString(secretFile(directory), SECRET);
        return "notices: {webhooks: [{name: noc, url: \"http://%s:%d/notices\", secretFile: %s}]}%n"
                .formatted(ADDRESS, PORT, file);
    }

    private static Path secretFile(Path directory) {
        return directory.resolve("notices.secret");
    }

    List<Taken> taken() {
        return List.copyOf(taken);
    }

    @Override
    public String jobName() {
        return "notice-receiver";
    }

    @Override
    public void run() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(ADDRESS, PORT), 0);
        server.createContext("/", this::take);
        server.start();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.stop(0);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        long nowMs = System.currentTimeMillis();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String time = exchange.getRequestHeaders().getFirst(WebhookSecret.TIME_HEADER);
        String signature = exchange.getRequestHeaders().getFirst(WebhookSecret.SIGNATURE_HEADER);
        boolean isSigned = time != null && secret.sign(time, body).equals(signature);
        taken.add(new Taken(nowMs, isSigned, JsonMapper.shared().readTree(body)));
        exchange.sendResponseHeaders(NO_CONTENT, NO_BODY);
        exchange.close();
    }

    @Override
    public void stop() {
        stopped.countDown();
    }
}
