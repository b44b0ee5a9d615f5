package io.spillway.node;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Schema of our resources: fills in its defaults, and says in our own words what a file has
 * that it should not. The schema is the only place where keys, bounds and defaults are written.
 */
final class ConfigSchema {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Dialect DIALECT =
            Dialect.builder(Dialects.getDraft202012())
                    .formats(List.of(ConfigFormat.values()))
                    .build();
    private static final SchemaRegistryConfig OPTIONS =
            SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();

    private final ObjectNode root;
    private final Schema validator;

    private ConfigSchema(ObjectNode root) {
        this.root = root;
        this.validator =
                SchemaRegistry.withDialect(DIALECT, b -> b.schemaRegistryConfig(OPTIONS))
                        .getSchema(root);
    }

    static ConfigSchema load(String resource) {
        return new ConfigSchema((ObjectNode) inline(read(resource)));
    }

    /** Adds every default that the file leaves out; values of the wrong kind stay untouched. */
    void fillDefaults(ConfigTree tree) {
        fillDefaults(root, tree.root());
    }

    /** Reports to {@code tree} all that breaks the schema, each key once. */
    void check(ConfigTree tree) {
        Set<String> told = new HashSet<>();
        tree.mistakes().forEach(mistake -> told.add(mistake.key()));
        for (Error error : validator.validate(tree.root())) {
            String parent = key(error.getInstanceLocation());
            JsonNode schema = schemaAt(error.getInstanceLocation());
            boolean ofProperty = error.getProperty() != null;
            String key = ofProperty ? ConfigTree.join(parent, error.getProperty()) : parent;
            if (told.add(key)) {
                tree.mistake(key, problem(error, schema));
            }
        }
    }

    private static String problem(Error error, JsonNode schema) {
        return switch (error.getKeyword()) {
            case "required" ->
                    "missing, expected "
                            + expected(schema.path("properties").path(error.getProperty()));
            case "additionalProperties" -> unknown(error.getProperty(), keys(schema));
            default -> ConfigTree.shown(error.getInstanceNode()) + ": expected " + expected(schema);
        };
    }

    private static String unknown(String key, List<String> known) {
        String nearest = NearestName.of(key, known);
        return nearest == null
                ? "unknown key, expected one of " + String.join(", ", known)
                : "unknown key, did you mean " + nearest + "?";
    }

    private static String expected(JsonNode schema) {
        if (schema.has("format")) {
            return ConfigFormat.named(schema.path("format").asString()).expected();
        }
        if (schema.has("enum")) {
            List<String> values = new ArrayList<>();
            schema.path("enum").forEach(value -> values.add(value.asString()));
            return "one of " + String.join(", ", values);
        }
        return switch (schema.path("type").asString()) {
            case "integer" -> schema.path("minimum") + ".." + schema.path("maximum");
            case "boolean" -> "true or false";
            case "array" -> "a list of " + items(schema);
            default -> "a mapping with " + String.join(", ", keys(schema));
        };
    }

    private static String items(JsonNode array) {
        return array.path("minItems").asInt(0) + " to " + array.path("maxItems");
    }

    private static List<String> keys(JsonNode schema) {
        return List.copyOf(schema.path("properties").propertyNames());
    }

    private static String key(NodePath path) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < path.getNameCount(); i++) {
            switch (path.getElement(i)) {
                case Integer index -> key.append('[').append(index).append(']');
                case Object name -> key.append(key.isEmpty() ? "" : ".").append(name);
            }
        }
        return key.toString();
    }

    private JsonNode schemaAt(NodePath path) {
        JsonNode schema = root;
        for (int i = 0; i < path.getNameCount(); i++) {
            schema =
                    path.getElement(i) instanceof Integer
                            ? schema.path("items")
                            : schema.path("properties").path(path.getName(i));
        }
        return schema;
    }

    private static void fillDefaults(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode mapping) {
            for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
                JsonNode standard = entry.getValue().get("default");
                if (standard != null && !mapping.has(entry.getKey())) {
                    mapping.set(entry.getKey(), standard.deepCopy());
                }
                fillDefaults(entry.getValue(), mapping.path(entry.getKey()));
            }
        } else if (value.isArray()) {
            value.forEach(item -> fillDefaults(schema.path("items"), item));
        }
    }

    /** Replaces each {@code $ref} to a definition in another resource by the definition. */
    private static JsonNode inline(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            JsonNode reference = object.remove("$ref");
            if (reference != null) {
                String[] target = reference.asString().split("#", 2);
                object.setAll((ObjectNode) read(target[0]).at(target[1]));
            }
        }
        schema.forEach(ConfigSchema::inline);
        return schema;
    }

    private static JsonNode read(String resource) {
        try (InputStream in = ConfigSchema.class.getResourceAsStream(resource)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
