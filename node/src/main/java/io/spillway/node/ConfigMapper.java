package io.spillway.node;

import io.spillway.node.policy.Days;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Turns a tree that passed its schema into a configuration record. */
final class ConfigMapper {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .addModule(types())
                    .build();

    static <T> T map(JsonNode tree, Class<T> type) {
        return MAPPER.treeToValue(tree, type);
    }

    private static SimpleModule types() {
        SimpleModule module = new SimpleModule();
        module.addDeserializer(long.class, new UnsignedLong());
        add(module, Path.class, ConfigFormat.PATH);
        add(module, Duration.class, ConfigFormat.DURATION);
        add(module, Bandwidth.class, ConfigFormat.BANDWIDTH);
        add(module, IpAddress.class, ConfigFormat.ADDRESS);
        add(module, InetAddress.class, UnicastAddress::parseInet);
        add(module, InetSocketAddress.class, ConfigFormat.ENDPOINT);
        add(module, InterfaceAddress.class, ConfigFormat.GATEWAY);
        add(module, Prefix.class, ConfigFormat.PREFIX);
        add(module, Days.class, ConfigFormat.DAYS);
        add(module, LocalTime.class, ConfigFormat.TIME);
        add(module, ZoneId.class, ConfigFormat.ZONE);
        return module;
    }

    private static <T> void add(SimpleModule module, Class<T> type, ConfigFormat format) {
        add(module, type, text -> type.cast(format.parse(text)));
    }

    private static <T> void add(SimpleModule module, Class<T> type, Function<String, T> parser) {
        module.addDeserializer(type, new FromText<>(type, parser));
    }

    /** A site's ID uses all 64 bits. */
    private static final class UnsignedLong extends StdDeserializer<Long> {

        UnsignedLong() {
            super(long.class);
        }

        @Override
        public Long deserialize(JsonParser parser, DeserializationContext context) {
            return parser.getBigIntegerValue().longValue();
        }
    }

    private static final class FromText<T> extends StdDeserializer<T> {

        private final Function<String, T> parser;

        FromText(Class<T> type, Function<String, T> parser) {
            super(type);
            this.parser = parser;
        }

        @Override
        public T deserialize(JsonParser source, DeserializationContext context) {
            return parser.apply(source.getString());
        }
    }

    private ConfigMapper() {}
}
