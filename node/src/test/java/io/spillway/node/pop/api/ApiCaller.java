package io.spillway.node.pop.api;

import io.spillway.node.PopConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of a test, on a port of the loopback that the kernel chooses, and who calls it. */
public final class ApiCaller implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ApiServer server;
    private final HttpClient client;
    private final String key;

    private ApiCaller(ApiServer server, HttpClient client, String key) {
        this.server = server;
        this.client = client;
        this.key = key;
    }

    /** The caller's key sees all. */
    public static ApiCaller open(Path store, ApiServer.Source source) throws IOException {
        String key =
                new ApiKeys(store, source.wallClock())
                        .add("test", ApiRole.VIEWER, ApiScope.ALL, Duration.ofDays(1));
        ApiServer server = ApiServer.open(config(store, null, null), source);
        return new ApiCaller(server, HttpClient.newHttpClient(), key);
    }

    static PopConfig.Api config(Path store, Path certificate, Path key) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new PopConfig.Api(any, certificate, key, store);
    }

    /** Another key at the same server; not to be closed. */
    ApiCaller with(String other) {
        return new ApiCaller(server, client, other);
    }

    /** Data of an answer without errors. */
    public JsonNode ask(String query, Map<String, Object> variables) throws Exception {
        JsonNode answer = JSON.readTree(post(query, variables).body());
        if (answer.has("errors")) {
            throw new AssertionError(answer.toString());
        }
        return answer.path("data");
    }

    public JsonNode ask(String query) throws Exception {
        return ask(query, Map.of());
    }

    /** The first error's message, of an answer that HTTP has nothing against. */
    String error(String query) throws Exception {
        HttpResponse<String> response = post(query, Map.of());
        JsonNode answer = JSON.readTree(response.body());
        return response.statusCode() + " " + answer.at("/errors/0/message").asString();
    }

    HttpResponse<String> post(String query, Map<String, Object> variables) throws Exception {
        String body = JSON.writeValueAsString(Map.of("query", query, "variables", variables));
        return send(request().POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request() {
        return request(ApiServer.PATH);
    }

    HttpRequest.Builder request(String path) {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).header("Content-Type", "application/json");
        return key == null ? request : request.header("x-api-key", key);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
