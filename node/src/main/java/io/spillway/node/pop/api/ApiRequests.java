package io.spillway.node.pop.api;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.parser.ParserOptions;
import graphql.validation.QueryComplexityLimits;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request: its key, its JSON, its query, with a bound on each. The key comes first, so that
 * nobody without one has us read a body. Called by several threads at once.
 */
final class ApiRequests {
    static final int BODY_LENGTH_MAX = 128 << 10;
    static final int DEPTH_MAX = 20;
    static final int FIELDS_MAX = 500;
    static final int TOKENS_MAX = 4000;

    private static final Logger LOG = LoggerFactory.getLogger(ApiRequests.class);
    private static final String JSON_TYPE = "application/json";
    private static final int JSON_DEPTH_MAX = 32;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int TIMEOUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int WRONG_TYPE = 415;
    private static final int TOO_MANY = 429;
    private static final int FAULT = 500;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long BODY_TIME_NS_MAX = 10 * NS_PER_S;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(JSON_DEPTH_MAX)
                                                    .build())
                                    .build())
                    .build();

    private static final QueryComplexityLimits COMPLEXITY =
            QueryComplexityLimits.newLimits()
                    .maxDepth(DEPTH_MAX)
                    .maxFieldsCount(FIELDS_MAX)
                    .build();
    private static final ParserOptions PARSING =
            ParserOptions.getDefaultOperationParserOptions()
                    .transform(options -> options.maxTokens(TOKENS_MAX));

    private final ApiKeys keys;
    private final RefusedKeys refused;
    private final InstantSource wallClock;
    private final NanoClock clock;
    private final GraphQL graphQl;

    ApiRequests(
            ApiKeys keys,
            RefusedKeys refused,
            InstantSource wallClock,
            NanoClock clock,
            GraphQL graphQl) {
        this.keys = keys;
        this.refused = refused;
        this.wallClock = wallClock;
        this.clock = clock;
        this.graphQl = graphQl;
    }

    /** What a caller asks. */
    private record Question(String query, String operationName, Map<String, Object> variables) {}

    /**
     * @param shown the key; null: none
     * @param address whence the request comes, for the audit log
     * @param contentType null: none
     */
    ApiAnswer answer(String shown, String address, String contentType, InputStream body) {
        ApiKey key;
        try {
            key = keys.find(shown);
        } catch (IOException e) {
            LOG.error("API keys: {}", e.getMessage());
            return ApiAnswer.refusal(FAULT, "the PoP cannot read its keys; its log has more");
        }
        if (key == null || key.isExpired(wallClock.instant())) {
            return unauthorized(shown, key, address);
        }
        if (contentType == null
                || !contentType.regionMatches(true, 0, JSON_TYPE, 0, JSON_TYPE.length())) {
            return ApiAnswer.refusal(WRONG_TYPE, "expected Content-Type: " + JSON_TYPE);
        }
        return answer(key, body);
    }

    private ApiAnswer answer(ApiKey key, InputStream body) {
        try {
            byte[] bytes = read(body);
            return bytes.length > BODY_LENGTH_MAX
                    ? ApiAnswer.refusal(
                            TOO_LARGE, "expected a body of at most " + BODY_LENGTH_MAX + " bytes")
                    : execute(key, question(bytes));
        } catch (IOException e) {
            return ApiAnswer.refusal(TIMEOUT, "the body did not come: " + e.getMessage());
        } catch (ApiException e) {
            return ApiAnswer.refusal(BAD_REQUEST, e.getMessage());
        }
    }

    /** One byte more than there may be, if there are more. */
    private byte[] read(InputStream body) throws IOException {
        long deadlineNs = clock.nanoTime() + BODY_TIME_NS_MAX;
        byte[] bytes = new byte[BODY_LENGTH_MAX + 1];
        int length = 0;
        int count = body.read(bytes);
        while (count > 0) {
            length += count;
            if (clock.nanoTime() - deadlineNs >= 0) {
                throw new IOException("too slowly");
            }
            count = body.read(bytes, length, bytes.length - length);
        }
        return Arrays.copyOf(bytes, length);
    }

    private ApiAnswer unauthorized(String shown, ApiKey key, String address) {
        String who = key == null ? "" : key.name();
        String why =
                key != null ? "key expired" : shown == null ? "no key" : "key is not known here";
        refused.note(who, address, why);
        return ApiAnswer.refusal(UNAUTHORIZED, "expected a valid key in the header x-api-key");
    }

    private static Question question(byte[] bytes) {
        JsonNode tree;
        try {
            tree = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new ApiException("the body is not JSON: " + e.getOriginalMessage());
        }
        JsonNode query = tree.path("query");
        JsonNode name = tree.path("operationName");
        JsonNode variables = tree.path("variables");
        require(query.isString(), "expected a JSON object with a query of text");
        require(name.isString() || isAbsent(name), "operationName: expected text");
        require(variables.isObject() || isAbsent(variables), "variables: expected an object");
        return new Question(
                query.asString(),
                name.isString() ? name.asString() : null,
                variables.isObject() ? map(variables) : Map.of());
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new ApiException(message);
        }
    }

    @SuppressWarnings("unchecked") // what Jackson makes of an object
    private static Map<String, Object> map(JsonNode object) {
        return JSON.treeToValue(object, Map.class);
    }

    private ApiAnswer execute(ApiKey key, Question question) {
        ExecutionInput input =
                ExecutionInput.newExecutionInput(question.query())
                        .operationName(question.operationName())
                        .variables(question.variables())
                        .graphQLContext(
                                Map.of(
                                        ApiKey.class,
                                        key,
                                        ParserOptions.class,
                                        PARSING,
                                        QueryComplexityLimits.KEY,
                                        COMPLEXITY))
                        .build();
        ExecutionResult result = graphQl.execute(input);
        QueryCount.Refusal refusal = input.getGraphQLContext().get(QueryCount.Refusal.class);
        if (refusal == null) {
            return ApiAnswer.ok(result.toSpecification());
        }
        long waitS = (refusal.waitNs() + NS_PER_S - 1) / NS_PER_S;
        return new ApiAnswer(TOO_MANY, result.toSpecification(), waitS);
    }
}
