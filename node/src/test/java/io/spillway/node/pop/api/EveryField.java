package io.spillway.node.pop.api;

import graphql.introspection.IntrospectionQuery;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The schema as a server tells it, and queries that select all of it. */
public final class EveryField {
    private final Map<String, JsonNode> types = new HashMap<>();

    /** Asks that server. */
    public EveryField(ApiCaller caller) throws Exception {
        JsonNode schema = caller.ask(IntrospectionQuery.INTROSPECTION_QUERY).path("__schema");
        for (JsonNode type : schema.path("types")) {
            types.put(type.path("name").asString(), type);
        }
    }

    Collection<JsonNode> types() {
        return types.values();
    }

    JsonNode type(String name) {
        return types.get(name);
    }

    /** Of one of the three queries, with what stands between its parentheses. */
    public String of(String query, String arguments) {
        return "{" + query + arguments + selection(field("Query", query)) + "}";
    }

    JsonNode field(String type, String name) {
        return types.get(type).path("fields").values().stream()
                .filter(field -> field.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String selection(JsonNode field) {
        JsonNode type = field.path("type");
        while (!type.path("ofType").isNull()) {
            type = type.path("ofType");
        }
        JsonNode named = types.get(type.path("name").asString());
        return switch (named.path("kind").asString()) {
            case "OBJECT" ->
                    named.path("fields").values().stream()
                            .map(each -> each.path("name").asString() + selection(each))
                            .collect(Collectors.joining(" ", "{", "}"));
            case "UNION" -> "{__typename}";
            default -> "";
        };
    }

    /** As the schema's language writes it. */
    static String print(JsonNode type) {
        return switch (type.path("kind").asString()) {
            case "NON_NULL" -> print(type.path("ofType")) + "!";
            case "LIST" -> "[" + print(type.path("ofType")) + "]";
            default -> type.path("name").asString();
        };
    }
}
