package io.spillway.node.pop;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.node.StateFile;
import io.spillway.node.policy.RuleSites;
import io.spillway.node.policy.SiteNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a PoP must not forget: the sites it expects, how they were reached last, and the generation
 * of its state. One JSON file, replaced whole.
 */
public final class PopMemory {
    private static final String FILE_NAME = "sites.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A site as it was known last. */
    public record Remembered(
            long id, String name, SiteType type, List<Link> links, boolean recoveryEnabled) {
        static Remembered of(Site site) {
            return new Remembered(
                    site.id(), site.name(), site.type(), site.links(), site.recoveryEnabled());
        }
    }

    private final StateFile file;
    private long generation;
    private List<Remembered> sites = List.of();

    private PopMemory(StateFile file) {
        this.file = file;
    }

    /**
     * Reads {@code directory}'s file if there is one.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    public static PopMemory open(Path directory) throws IOException {
        PopMemory memory = new PopMemory(StateFile.in(directory, FILE_NAME));
        byte[] saved = memory.file.read();
        if (saved != null) {
            memory.restore(saved);
        }
        return memory;
    }

    /**
     * Of the sites that a PoP with that directory knew last, for who checks its rules.
     *
     * @return null: it knew none, or has not run yet
     * @throws IOException as {@link #open}
     */
    public static SiteNames siteNames(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(FILE_NAME))) {
            return null;
        }
        List<RuleSites.Known> known =
                open(directory).sites().stream()
                        .map(site -> new RuleSites.Known(site.id(), site.name()))
                        .toList();
        return known.isEmpty() ? null : new RuleSites(known)::find;
    }

    long generation() {
        return generation;
    }

    List<Remembered> sites() {
        return sites;
    }

    /** Blocking file work. */
    void save(long newGeneration, Collection<Remembered> newSites) throws IOException {
        generation = newGeneration;
        sites = List.copyOf(newSites);
        ObjectNode root = JSON.createObjectNode();
        root.put("generation", Long.toUnsignedString(generation));
        ArrayNode list = root.putArray("sites");
        sites.forEach(site -> list.add(encode(site)));
        file.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    private void restore(byte[] saved) throws IOException {
        try {
            JsonNode root = JSON.readTree(saved);
            generation = Long.parseUnsignedLong(root.path("generation").asString());
            List<Remembered> restored = new ArrayList<>();
            for (JsonNode site : root.path("sites")) {
                restored.add(decode(site));
            }
            sites = List.copyOf(restored);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(
                    file.path() + ": not a PoP's site list, remove it to begin anew", e);
        }
    }

    private static ObjectNode encode(Remembered site) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", Long.toUnsignedString(site.id()));
        node.put("name", site.name());
        node.put("type", site.type().name());
        node.put("recoveryEnabled", site.recoveryEnabled());
        ArrayNode links = node.putArray("links");
        for (Link link : site.links()) {
            ObjectNode entry = links.addObject();
            entry.put("index", link.index());
            entry.put("name", link.name());
            entry.put("role", link.role().name());
            entry.put("precedence", link.precedence());
            entry.put("enabled", link.enabled());
            InetSocketAddress observed = link.endpoints().observed();
            if (observed != null) {
                entry.put("address", observed.getAddress().getHostAddress());
                entry.put("port", observed.getPort());
            }
        }
        return node;
    }

    private static Remembered decode(JsonNode node) {
        List<Link> links = new ArrayList<>();
        for (JsonNode entry : node.path("links")) {
            InetSocketAddress observed =
                    entry.has("address")
                            ? new InetSocketAddress(
                                    InetAddress.ofLiteral(entry.path("address").asString()),
                                    entry.path("port").asInt())
                            : null;
            links.add(
                    new Link(
                            entry.path("index").asInt(),
                            entry.path("name").asString(),
                            LinkRole.valueOf(entry.path("role").asString("INTERNET")),
                            entry.path("precedence").asInt(),
                            entry.path("enabled").asBoolean(),
                            LinkEndpoints.observed(observed)));
        }
        return new Remembered(
                Long.parseUnsignedLong(node.path("id").asString()),
                node.path("name").asString(),
                SiteType.valueOf(node.path("type").asString()),
                links,
                node.path("recoveryEnabled").asBoolean(true));
    }
}
