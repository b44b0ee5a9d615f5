package io.spillway.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/** A parsed configuration file that still knows the line of every key and value. */
final class ConfigTree {

    private static final int DEPTH_MAX = 16;

    /** Of a message of snakeyaml-engine: a problem, and the line it stands in. */
    private static final Pattern PARSER_PROBLEM =
            Pattern.compile("(?m)^(\\S.*)\n in reader, line (\\d{1,7}),");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final YAMLFactory YAML =
            YAMLFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                    .build();

    private final String file;
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<ConfigMistake> mistakes = new ArrayList<>();
    private ObjectNode root;

    private ConfigTree(String file) {
        this.file = file;
    }

    /** Throws for text that is not one YAML mapping; lesser mistakes wait in {@link #mistakes}. */
    static ConfigTree parse(String file, String text) throws ConfigException {
        ConfigTree tree = new ConfigTree(file);
        try (YAMLParser parser = (YAMLParser) YAML.createParser(ObjectReadContext.empty(), text)) {
            tree.document(parser);
        } catch (JacksonException e) {
            throw notYaml(file, e);
        }
        return tree;
    }

    String file() {
        return file;
    }

    ObjectNode root() {
        return root;
    }

    /** Found so far, by this parser and by later checks. */
    List<ConfigMistake> mistakes() {
        return mistakes;
    }

    /** {@code key} as in {@code links[0].port}; its nearest parent's line if it is not written. */
    void mistake(String key, String problem) {
        mistakes.add(new ConfigMistake(file, line(key), key, problem));
    }

    void throwMistakes() throws ConfigException {
        if (!mistakes.isEmpty()) {
            throw new ConfigException(mistakes);
        }
    }

    private int line(String key) {
        for (String k = key; !k.isEmpty(); k = parent(k)) {
            Integer line = lines.get(k);
            if (line != null) {
                return line;
            }
        }
        return 1;
    }

    private static String parent(String key) {
        return key.substring(0, Math.max(0, Math.max(key.lastIndexOf('.'), key.lastIndexOf('['))));
    }

    static String join(String parent, String name) {
        return parent.isEmpty() ? name : parent + "." + name;
    }

    private void document(YAMLParser parser) throws ConfigException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new ConfigException(file, 1, "is empty; expected a mapping (key: value)");
        }
        JsonNode whole = value(parser, "");
        if (!(whole instanceof ObjectNode mapping)) {
            throw new ConfigException(file, 1, shown(whole) + ": expected a mapping (key: value)");
        }
        root = mapping;
        if (parser.nextToken() != null) {
            throw new ConfigException(
                    file, parser.currentTokenLocation().getLineNr(), "a second document");
        }
    }

    /** The value at the parser's current token, which it ends on. */
    private JsonNode value(YAMLParser parser, String key) {
        lines.putIfAbsent(key, parser.currentTokenLocation().getLineNr());
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            mistake(key, "expected the value itself, not an anchor (&) or an alias (*)");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(parser, key);
            case START_ARRAY -> list(parser, key);
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            // No key of ours takes a fraction: the text says best what was written.
            default -> NODES.stringNode(parser.getString());
        };
    }

    private ObjectNode mapping(YAMLParser parser, String key) {
        ObjectNode mapping = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            String child = join(key, name);
            int line = parser.currentTokenLocation().getLineNr();
            boolean again = mapping.has(name);
            if (again) {
                String problem = "given twice, first in line " + lines.get(child);
                mistakes.add(new ConfigMistake(file, line, child, problem));
            }
            lines.putIfAbsent(child, line);
            parser.nextToken();
            JsonNode value = value(parser, child);
            if (!again) {
                mapping.set(name, value);
            }
        }
        return mapping;
    }

    private ArrayNode list(YAMLParser parser, String key) {
        ArrayNode list = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser, key + "[" + list.size() + "]"));
        }
        return list;
    }

    /** {@code value} as a message shows it. */
    static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list of " + value.size();
            case NULL -> "nothing";
            default -> ConfigMistake.shown(value.asString());
        };
    }

    /** The parser tells where it began and then where it failed: the latter helps. */
    private static ConfigException notYaml(String file, JacksonException e) {
        String reason = e.getOriginalMessage().lines().findFirst().orElse("");
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        Matcher problem = PARSER_PROBLEM.matcher(e.getOriginalMessage());
        while (problem.find()) {
            reason = problem.group(1);
            line = Integer.parseInt(problem.group(2));
        }
        return new ConfigException(file, line, "not YAML: " + ConfigMistake.shown(reason));
    }
}
