package io.spillway.node.pop.api;

import java.util.List;
import java.util.Map;

/**
 * What goes back by HTTP.
 *
 * @param body in the form of GraphQL
 * @param retryAfterS 0: no matter
 */
record ApiAnswer(int status, Map<String, Object> body, long retryAfterS) {
    static final int OK = 200;

    static ApiAnswer ok(Map<String, Object> body) {
        return new ApiAnswer(OK, body, 0);
    }

    /** Of a request that did not come as far as GraphQL. */
    static ApiAnswer refusal(int status, String message) {
        return new ApiAnswer(status, Map.of("errors", List.of(Map.of("message", message))), 0);
    }
}
