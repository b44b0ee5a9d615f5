package io.spillway.node.pop.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import graphql.introspection.IntrospectionQuery;
import io.spillway.control.wire.EventMessage;
import io.spillway.node.PopConfig;
import io.spillway.node.channel.TestAccount;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server on the loopback, over a PoP that is made up. */
class ApiServerTest {
    private static final String IDS = "{accountSnapshot{sites{id}}}";
    private static final String FEED =
            "query($m:String){eventsFeed(accountIDs:[\"acme\"],marker:$m){marker fetchedCount"
                    + " accounts{id errorString records(fieldNames:[event_id]){time fieldsMap"
                    + " flatFields}}}}";

    @TempDir Path directory;
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private long nowNs = 5;
    private EventStore events;
    private ApiCaller caller;

    @BeforeEach
    void open() throws IOException {
        events = EventStore.open(directory, () -> now.toEpochMilli(), new Random(7));
        caller = ApiCaller.open(directory, source());
    }

    private ApiServer.Source source() {
        return new ApiServer.Source("acme", this::snapshot, events, () -> now, () -> nowNs);
    }

    @AfterEach
    void close() {
        caller.close();
        events.close();
    }

    private AccountSnapshot snapshot() {
        return new AccountSnapshot(
                "acme", now, List.of(site(9, "Berlin", true), site(10, "aachen", false)));
    }

    private static SiteSnapshot site(long id, String name, boolean isOffCloudEnabled) {
        String destType = isOffCloudEnabled ? "CATO" : "ALTERNATIVE";
        List<InterfaceInfo> links = List.of(new InterfaceInfo("0", "wan1", destType, "wan_1"));
        return new SiteSnapshot(
                id,
                isOffCloudEnabled,
                new SiteInfo(name, "BRANCH", links, List.of()),
                "connected",
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null);
    }

    private ApiCaller scopedTo(long siteId) throws IOException {
        ApiScope scope = new ApiScope(Set.of(siteId));
        return caller.with(
                new ApiKeys(directory, () -> now)
                        .add("scoped", ApiRole.VIEWER, scope, Duration.ofHours(1)));
    }

    // ---- keys

    @Test
    void shouldRefuseWithoutAKeyThatIsGoodAndTellTheAuditLog() throws Exception {
        assertEquals(200, caller.post(IDS, Map.of()).statusCode());
        assertEquals(401, caller.with(null).post(IDS, Map.of()).statusCode());
        assertEquals(401, caller.with("spw_" + "x".repeat(43)).post(IDS, Map.of()).statusCode());
        now = now.plus(Duration.ofDays(1));
        HttpResponse<String> expired = caller.post(IDS, Map.of());

        assertEquals(401, expired.statusCode());
        assertEquals(
                "{\"errors\":[{\"message\":\"expected a valid key in the header x-api-key\"}]}",
                expired.body());
        List<String> lines = Files.readAllLines(directory.resolve(AuditLog.NAME));
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).contains("\"who\":\"\",\"from\":\"127.0.0.1\""), lines.get(0));
        assertTrue(lines.get(0).endsWith("\"result\":\"refused: no key\"}"), lines.get(0));
        assertTrue(lines.get(1).endsWith("refused: key is not known here\"}"), lines.get(1));
        assertTrue(lines.get(2).contains("\"who\":\"test\""), lines.get(2));
    }

    @Test
    void shouldNotFillTheDiskWithRefusals() throws Exception {
        int lines = RefusedKeys.LINES_PER_MINUTE_MAX;
        for (int i = 0; i < lines + 5; i++) {
            caller.with(null).post(IDS, Map.of());
        }
        assertEquals(lines, Files.readAllLines(directory.resolve(AuditLog.NAME)).size());

        nowNs += 60_000_000_000L;
        caller.with(null).post(IDS, Map.of());

        String last = Files.readAllLines(directory.resolve(AuditLog.NAME)).getLast();
        assertTrue(last.endsWith("no key; 5 before were left out\"}"), last);
    }

    @Test
    void shouldTellAScopedKeyOfItsSitesOnly() throws Exception {
        events.append(9, List.of(event(1)));
        events.append(10, List.of(event(2)));
        ApiCaller scoped = scopedTo(10);

        assertEquals(List.of("9", "10"), ids(caller.ask(IDS)));
        assertEquals(List.of("10"), ids(scoped.ask(IDS)));
        assertEquals(1, scoped.ask(FEED).at("/eventsFeed/fetchedCount").asInt());
        assertEquals(2, caller.ask(FEED).at("/eventsFeed/fetchedCount").asInt());
        String lookup = "{entityLookup(accountID:\"acme\",type:site){total}}";
        assertEquals(1, scoped.ask(lookup).at("/entityLookup/total").asInt());
    }

    private static List<String> ids(JsonNode data) {
        return data.at("/accountSnapshot/sites").values().stream()
                .map(site -> site.path("id").asString())
                .toList();
    }

    // ---- bad input

    @Test
    void shouldAnswerEveryBadRequestInItsOwnWords() throws Exception {
        assertEquals("400 the body is not JSON", body("{", 20));
        assertEquals("400 expected a JSON object with a query of text", body("[]", 80));
        assertEquals("400 expected a JSON object with a query of text", body("", 80));
        assertEquals("400 expected a JSON object with a query of text", body("{\"query\":1}", 80));
        assertEquals(
                "400 variables: expected an object",
                body("{\"query\":\"{__typename}\",\"variables\":[]}", 80));
        assertEquals(
                "400 operationName: expected text",
                body("{\"query\":\"{__typename}\",\"operationName\":{}}", 80));
        assertEquals("400 the body is not JSON", body("[".repeat(1_000), 20));
        assertEquals(
                "413 expected a body of at most 131072 bytes",
                body(" ".repeat(ApiRequests.BODY_LENGTH_MAX + 1), 80));
        InputStream endless = new ByteArrayInputStream(new byte[140_000]);
        HttpRequest.BodyPublisher chunked = HttpRequest.BodyPublishers.ofInputStream(() -> endless);
        assertEquals(413, caller.send(caller.request().POST(chunked)).statusCode());
    }

    private String body(String text, int length) throws Exception {
        HttpResponse<String> response =
                caller.send(caller.request().POST(HttpRequest.BodyPublishers.ofString(text)));
        String message =
                JsonMapper.shared().readTree(response.body()).at("/errors/0/message").asString();
        return response.statusCode()
                + " "
                + message.substring(0, Math.min(length, message.length()));
    }

    @Test
    void shouldRefuseOtherPathsMethodsAndTypes() throws Exception {
        HttpResponse<String> get = caller.send(caller.request().GET());
        assertEquals(405, get.statusCode());
        assertEquals("POST", get.headers().firstValue("Allow").orElseThrow());
        assertEquals("{\"errors\":[{\"message\":\"expected POST /api/v1/graphql2\"}]}", get.body());
        for (String path : List.of("/", "/api/v1/graphql2/x", "/..%2f..%2fetc/passwd")) {
            assertEquals(404, caller.send(caller.request(path).GET()).statusCode(), path);
        }
        HttpRequest.Builder text =
                caller.request()
                        .setHeader("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{__typename}\"}"));
        assertEquals(415, caller.send(text).statusCode());
    }

    @Test
    void shouldAnswerWhatGraphQlRefusesInItsForm() throws Exception {
        assertEquals("200 Validation error", caller.error("{nothing}").substring(0, 20));
        assertEquals("200 Invalid syntax", caller.error("{").substring(0, 18));
        assertEquals(
                "200 account other: this PoP and this key are of account acme",
                caller.error("{accountSnapshot(accountID:\"other\"){id}}"));
        assertEquals(
                "200 marker: expected that of an answer, or none to begin anew",
                caller.error("{eventsFeed(marker:\"?\"){marker}}"));
    }

    @Test
    void shouldBoundDepthFieldsAndTokens() throws Exception {
        String deep = "{__type(name:\"Query\"){" + "ofType{".repeat(30) + "name" + "}".repeat(32);
        StringBuilder wide = new StringBuilder("{accountSnapshot{");
        for (int i = 0; i < ApiRequests.FIELDS_MAX; i++) {
            wide.append('a').append(i).append(":id ");
        }
        String repeated = "{" + "a:__typename ".repeat(ApiRequests.TOKENS_MAX) + "}";

        for (String query : List.of(deep, wide + "}}", repeated)) {
            HttpResponse<String> response = caller.post(query, Map.of());
            assertTrue(response.body().contains("\"errors\""), response.body());
            assertFalse(response.body().contains("\"data\""), response.body());
        }
    }

    @Test
    void shouldAnswerTheUsualIntrospection() throws Exception {
        String query = IntrospectionQuery.INTROSPECTION_QUERY;

        JsonNode schema = caller.ask(query).path("__schema");

        assertEquals("Query", schema.at("/queryType/name").asString());
    }

    /** Text that is no HTTP: an answer without a trace, or none. */
    @Test
    void shouldOutliveWhatIsNoHttp() throws Exception {
        int port = caller.request().build().uri().getPort();
        for (String text : List.of("\0\1\2\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nA: ", "x")) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                String answer = new String(socket.getInputStream().readAllBytes());
                assertFalse(answer.contains("at org."), answer);
            }
        }
        assertEquals(2, ids(caller.ask(IDS)).size());
    }

    // ---- limits

    @Test
    void shouldSayWhenToAskAgain() throws Exception {
        assertEquals(200, caller.post(IDS, Map.of()).statusCode());
        HttpResponse<String> refused = caller.post(IDS, Map.of());

        assertEquals(429, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(refused.body().contains("\"classification\":\"RateLimited\""), refused.body());
        assertEquals(200, caller.post(FEED, Map.of()).statusCode());
        nowNs += 1_000_000_000L;
        assertEquals(200, caller.post(IDS, Map.of()).statusCode());
    }

    @Test
    void shouldCountWhatHidesInFragmentsAndAliases() throws Exception {
        String many =
                IntStream.range(0, 31)
                                .mapToObj(i -> "a" + i + ":accountSnapshot{id}")
                                .reduce(
                                        "query{...F} fragment F on Query{... on Query{",
                                        String::concat)
                        + "}}";

        HttpResponse<String> refused = caller.post(many, Map.of());

        assertEquals(429, refused.statusCode());
        assertEquals("60", refused.headers().firstValue("Retry-After").orElseThrow());
    }

    // ---- entities

    @Test
    void shouldLookUpSites() throws Exception {
        assertEquals("9,10", lookup(""));
        assertEquals("10,9", lookup(",sort:[{field:\"id\",order:desc}]"));
        assertEquals("9,10", lookup(",sort:[{field:\"name\",order:asc}]"));
        assertEquals("10", lookup(",search:\"AACH\""));
        assertEquals("9", lookup(",search:\"9\""));
        assertEquals("10", lookup(",entityIDs:[\"10\",\"77\"]"));
        assertEquals("10", lookup(",from:1,limit:1"));
        assertEquals("9", lookup(filter("filterByOffCloudTransportEnabled", "true")));
        assertEquals("10", lookup(filter("filterByAltWan", "true")));
        String errors = "200 ";
        assertEquals(
                errors + "limit 0: expected 1..1000",
                caller.error("{entityLookup(accountID:\"acme\",type:site,limit:0){total}}"));
        assertEquals(
                errors + "type host: only site is served here",
                caller.error("{entityLookup(accountID:\"acme\",type:host){total}}"));
        assertEquals(
                errors
                        + "filter country: expected filterByOffCloudTransportEnabled or"
                        + " filterByAltWan",
                caller.error(
                        "{entityLookup(accountID:\"acme\",type:site"
                                + filter("country", "true")
                                + "){total}}"));
    }

    private static String filter(String name, String value) {
        return ",filters:[{filter:" + name + ",value:\"" + value + "\"}]";
    }

    private String lookup(String arguments) throws Exception {
        JsonNode data =
                caller.ask(
                        "{entityLookup(accountID:\"acme\",type:site"
                                + arguments
                                + "){total items{description helperFields entity{id name type}}}}");
        return String.join(
                ",",
                data.at("/entityLookup/items").values().stream()
                        .map(item -> item.at("/entity/id").asString())
                        .toList());
    }

    // ---- events

    private static EventMessage event(int number) {
        return EventMessage.newBuilder()
                .setId("j-" + number)
                .setTimeMs(1_800_000_000_000L + number)
                .setType(number % 2 == 0 ? "Connectivity" : "Routing")
                .setSubType("Connected")
                .setMessage("event " + number)
                .build();
    }

    @Test
    void shouldFeedEveryEventOnceInPagesOverARestart() throws Exception {
        int count = EventQueries.PAGE_MAX * 2 + 7;
        List<EventMessage> all = IntStream.range(0, count).mapToObj(ApiServerTest::event).toList();
        events.append(9, all);
        List<String> read = new ArrayList<>();
        String marker = "";

        marker = readPage(marker, read);
        assertEquals(EventQueries.PAGE_MAX, read.size());
        restart();
        marker = readPage(marker, read);
        marker = readPage(marker, read);
        marker = readPage(marker, read);

        assertEquals(all.stream().map(EventMessage::getId).toList(), read);
        events.append(9, List.of(event(count)));
        readPage(marker, read);
        assertEquals("j-" + count, read.getLast());
        assertEquals(count + 1, read.size());
    }

    private void restart() throws IOException {
        close();
        events = EventStore.open(directory, () -> now.toEpochMilli(), new Random(8));
        new ApiKeys(directory, () -> now).remove("test");
        caller = ApiCaller.open(directory, source());
    }

    private String readPage(String marker, List<String> read) throws Exception {
        JsonNode feed = caller.ask(FEED, Map.of("m", marker)).path("eventsFeed");
        JsonNode records = feed.at("/accounts/0/records");
        assertEquals(feed.path("fetchedCount").asInt(), records.size());
        records.forEach(it -> read.add(it.at("/fieldsMap/event_id").asString()));
        return feed.path("marker").asString();
    }

    @Test
    void shouldFilterEventsAndNameFields() throws Exception {
        events.append(9, List.of(event(0), event(1), event(2)));
        String records = "{marker accounts{id errorString records{time fieldsMap flatFields}}}";

        assertEquals(2, count("event_type", "is", "[\"Connectivity\"]"));
        assertEquals(1, count("event_type", "is_not", "[\"Connectivity\"]"));
        assertEquals(3, count("event_type", "in", "[\"Connectivity\",\"Routing\"]"));
        assertEquals(0, count("event_sub_type", "not_in", "[\"Connected\"]"));
        JsonNode feed =
                caller.ask("{eventsFeed(accountIDs:[\"acme\",\"x\"])" + records + "}")
                        .path("eventsFeed");
        JsonNode first = feed.at("/accounts/0/records/0");
        assertEquals("2027-01-15T08:00:00Z", first.path("time").asString());
        assertEquals("1800000000000", first.at("/fieldsMap/time").asString());
        assertEquals("acme", first.at("/fieldsMap/account_id").asString());
        assertEquals("event 0", first.at("/fieldsMap/event_message").asString());
        assertEquals(first.path("fieldsMap").size(), first.path("flatFields").size());
        assertTrue(feed.at("/accounts/0/errorString").isNull());
        assertTrue(feed.at("/accounts/1/records").isNull());
        assertEquals(
                "account x: this PoP and this key are of account acme",
                feed.at("/accounts/1/errorString").asString());
        JsonNode named = caller.ask(FEED).at("/eventsFeed/accounts/0/records/0/fieldsMap");
        assertEquals("{\"event_id\":\"j-0\"}", named.toString());
    }

    private int count(String field, String operator, String values) throws Exception {
        String filter =
                "filters:[{fieldName:" + field + ",operator:" + operator + ",values:" + values;
        return caller.ask("{eventsFeed(" + filter + "}]){fetchedCount}}")
                .at("/eventsFeed/fetchedCount")
                .asInt();
    }

    // ---- TLS

    @Test
    void shouldShowItsCertificate() throws Exception {
        TestAccount account = new TestAccount(directory, "acme");
        account.pop();
        Path home = account.lastHome();
        var config =
                ApiCaller.config(
                        directory.resolve("tls"),
                        home.resolve("certificate.pem"),
                        home.resolve("key.pem"));
        try (ApiServer server = ApiServer.open(config, source());
                Socket socket =
                        trusting(account)
                                .getSocketFactory()
                                .createSocket("127.0.0.1", server.port())) {
            String request = "POST " + ApiServer.PATH + " HTTP/1.0\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes());

            assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
        }
        var wrong =
                ApiCaller.config(
                        directory.resolve("tls"),
                        home.resolve("certificate.pem"),
                        account.authorityDirectory().resolve("key.pem"));
        IOException refused =
                assertThrows(IOException.class, () -> ApiServer.open(wrong, source()));
        assertTrue(
                refused.getMessage().endsWith("key.pem: not the key of the certificate"),
                refused.getMessage());
    }

    private static SSLContext trusting(TestAccount account) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", account.authority().certificate());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void shouldNameAnAddressThatIsTaken() throws Exception {
        int port = caller.request().build().uri().getPort();
        var taken = ApiCaller.config(directory.resolve("two"), null, null);
        var config =
                new PopConfig.Api(
                        new InetSocketAddress(taken.listen().getAddress(), port),
                        null,
                        null,
                        taken.store());

        IOException refused =
                assertThrows(IOException.class, () -> ApiServer.open(config, source()));

        assertTrue(
                refused.getMessage().startsWith("api.listen: 127.0.0.1:" + port + ": "),
                refused.getMessage());
    }
}
