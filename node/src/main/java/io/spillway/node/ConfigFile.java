package io.spillway.node;

import java.nio.file.Path;
import java.util.function.BiConsumer;

/** A kind of configuration file: text to tree, defaults, schema, record, cross checks. */
public final class ConfigFile<T> {

    static final ConfigFile<SiteConfig> SITE =
            new ConfigFile<>(SiteConfig.class, "site.schema.json", SiteChecks::check);

    static final ConfigFile<PopConfig> POP =
            new ConfigFile<>(PopConfig.class, "pop.schema.json", PopChecks::check);

    private final Class<T> type;
    private final ConfigSchema schema;
    private final BiConsumer<T, ConfigTree> crossChecks;

    private ConfigFile(
            Class<T> type, String schemaResource, BiConsumer<T, ConfigTree> crossChecks) {
        this.type = type;
        this.schema = ConfigSchema.load(schemaResource);
        this.crossChecks = crossChecks;
    }

    /**
     * Reads a file of either kind, told by its top-level key {@code site} or {@code pop}.
     *
     * @return a {@link SiteConfig} or a {@link PopConfig}
     */
    public static Record readAny(Path file) throws ConfigException {
        ConfigTree tree = ConfigTree.parse(file.toString(), ConfigText.read(file));
        if (tree.root().has("site")) {
            return SITE.checked(tree);
        }
        if (tree.root().has("pop")) {
            return POP.checked(tree);
        }
        throw new ConfigException(
                file.toString(), 1, "expected the key site (an appliance) or pop, found neither");
    }

    T read(Path file) throws ConfigException {
        return parse(file.toString(), ConfigText.read(file));
    }

    T parse(String file, String text) throws ConfigException {
        return checked(ConfigTree.parse(file, text));
    }

    /** Cross checks wait until every single value is right: they would only repeat the news. */
    private T checked(ConfigTree tree) throws ConfigException {
        schema.fillDefaults(tree);
        schema.check(tree);
        tree.throwMistakes();
        T config = ConfigMapper.map(tree.root(), type);
        crossChecks.accept(config, tree);
        tree.throwMistakes();
        return config;
    }
}
