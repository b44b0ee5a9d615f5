package io.spillway.node;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.Format;
import io.spillway.node.policy.Days;
import io.spillway.routing.fib.Prefix;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kinds of text in a configuration file: the JSON Schema names them as {@code format}, the
 * configuration records hold what {@link #parse} makes of them.
 */
enum ConfigFormat implements Format {
    NAME("a name (1 to 63 letters, digits or . _ -)", ConfigFormat::name),
    DEVICE("a network device's name (1 to 15 letters, digits or . _ -)", ConfigFormat::device),
    PATH("an absolute path", ConfigFormat::path),
    DURATION("a duration such as 100ms, 8s, 30m or 1h", ConfigFormat::duration),
    BANDWIDTH("a bandwidth of 100kbit to 100Gbit, such as 20Mbit", Bandwidth::parse),
    ADDRESS("a unicast IPv4 or IPv6 address", UnicastAddress::parse),
    ENDPOINT(
            "an address of this machine and a port, such as 127.0.0.1:9464 or [::1]:9464",
            ConfigFormat::endpoint),
    GATEWAY("a host's address with prefix length, such as 10.1.0.1/24", InterfaceAddress::parse),
    DOMAIN("a domain such as corp.example", ConfigFormat::domain),
    PASSWORD("1 to 80 printable ASCII characters", ConfigFormat::password),
    PREFIX("a prefix without host bits, such as 10.1.0.0/16", Prefix::parse),
    DAYS("a day such as mon, or days such as mon-fri", Days::parse),
    TIME("a time of day such as 08:00, up to 24:00", ConfigFormat::time),
    ZONE("a time zone such as Europe/Berlin", ConfigFormat::zone);

    private static final Pattern NAME_TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern DEVICE_TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,14}");

    private static final String LABEL = "[A-Za-z0-9_][A-Za-z0-9_-]{0,62}";
    private static final Pattern DOMAIN_TEXT =
            Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*\\.?");

    /** What Linux takes as a key of TCP MD5. */
    private static final Pattern PASSWORD_TEXT = Pattern.compile("[!-~]{1,80}");

    private static final Pattern ENDPOINT_TEXT =
            Pattern.compile("(?:([0-9.]+)|\\[([0-9A-Fa-f:.]+)\\]):(\\d{1,5})");

    private static final Pattern DURATION_TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private static final Pattern TIME_TEXT = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)");

    private final String expected;
    private final Function<String, Object> parser;

    ConfigFormat(String expected, Function<String, Object> parser) {
        this.expected = expected;
        this.parser = parser;
    }

    /** What a value of this kind is, after the word "expected". */
    String expected() {
        return expected;
    }

    /** Throws {@link IllegalArgumentException} if {@code text} is not of this kind. */
    Object parse(String text) {
        return parser.apply(text);
    }

    /** As the schema writes it; "duration" of JSON Schema itself is ISO 8601, hence the prefix. */
    @Override
    public String getName() {
        return "spillway-" + name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean matches(ExecutionContext execution, SchemaContext schema, String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String name(String text) {
        return matching(NAME_TEXT, text).group();
    }

    private static String device(String text) {
        return matching(DEVICE_TEXT, text).group();
    }

    private static Path path(String text) {
        Path path = Path.of(text); // InvalidPathException is an IllegalArgumentException
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(text);
        }
        return path;
    }

    private static String domain(String text) {
        return matching(DOMAIN_TEXT, text).group();
    }

    private static String password(String text) {
        return matching(PASSWORD_TEXT, text).group();
    }

    /** One address, since all of them would be those of the WAN as well. */
    private static InetSocketAddress endpoint(String text) {
        Matcher matcher = matching(ENDPOINT_TEXT, text);
        boolean isBracketed = matcher.group(2) != null;
        InetAddress address = UnicastAddress.parseInet(matcher.group(isBracketed ? 2 : 1));
        int port = Integer.parseInt(matcher.group(3));
        if (port == 0 || address instanceof Inet6Address != isBracketed) {
            throw new IllegalArgumentException(text);
        }
        return new InetSocketAddress(address, port);
    }

    private static Duration duration(String text) {
        Matcher matcher = matching(DURATION_TEXT, text);
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    private static LocalTime time(String text) {
        if (text.equals("24:00")) {
            return LocalTime.MIDNIGHT;
        }
        Matcher matcher = matching(TIME_TEXT, text);
        return LocalTime.of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Matcher matching(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return matcher;
    }

    /** The kind that a schema's {@code format} names. */
    static ConfigFormat named(String name) {
        for (ConfigFormat format : values()) {
            if (format.getName().equals(name)) {
                return format;
            }
        }
        throw new IllegalStateException("unknown format in the schema: " + name);
    }
}
