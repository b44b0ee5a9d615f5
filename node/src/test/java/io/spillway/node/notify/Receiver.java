package io.spillway.node.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes webhooks on the loopback. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();

    record Post(String time, String signature, String body) {}

    private Receiver(HttpServer server) {
        this.server = server;
    }

    static Receiver open(int port) throws IOException {
        InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Receiver receiver = new Receiver(HttpServer.create(at, 0));
        receiver.server.createContext("/", receiver::take);
        receiver.server.start();
        return receiver;
    }

    /** To the next post whose body has that text; then 204 again. */
    void answer(String text, int status) {
        answers.put(text, status);
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes());
        posts.add(
                new Post(
                        exchange.getRequestHeaders().getFirst(WebhookSecret.TIME_HEADER),
                        exchange.getRequestHeaders().getFirst(WebhookSecret.SIGNATURE_HEADER),
                        body));
        String found = answers.keySet().stream().filter(body::contains).findFirst().orElse("");
        Integer status = answers.remove(found);
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook?from=lab";
    }

    /** Null when none comes. */
    Post next() throws InterruptedException {
        return posts.poll(5, TimeUnit.SECONDS);
    }

    boolean hasMore() {
        return !posts.isEmpty();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
