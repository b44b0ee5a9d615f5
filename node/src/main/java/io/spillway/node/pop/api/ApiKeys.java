package io.spillway.node.pop.api;

import io.spillway.node.StateFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The API keys that were given out, one file each, named by the hash of the key. The daemon looks
 * for the file at each request, so that a key counts and ends as soon as a command returns, and the
 * daemon and the commands need no lock between them.
 *
 * <pre>
 *   STORE/keys/HASH    mode 0600: name, role, scope, created, expires
 * </pre>
 *
 * <p>The hash is one SHA-256, not one that is slow on purpose: the key is 256 random bits, which
 * nobody finds by trying, however fast. That the file is found by its hash tells nobody how near a
 * guess was.
 *
 * <p>Thread safe, also between processes. What a method did is on disk when it returns.
 */
public final class ApiKeys {
    public static final Duration LIFETIME = Duration.ofDays(365);

    private static final int SECRET_LENGTH = 32;

    /** So that scanners for lost secrets know it for one. */
    private static final String PREFIX = "spw_";

    private static final Pattern KEY_TEXT = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final Pattern HASH_TEXT = Pattern.compile("[0-9a-f]{64}");
    private static final String DIRECTORY = "keys";

    private final Path directory;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public ApiKeys(Path store, InstantSource clock) {
        this.directory = store.resolve(DIRECTORY);
        this.clock = clock;
    }

    /**
     * Makes a key.
     *
     * @return the text to be given to its holder, which is kept nowhere
     * @throws IllegalArgumentException when there is one of that name
     */
    public String add(String name, ApiRole role, ApiScope scope, Duration lifetime)
            throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        ApiKey key = new ApiKey(name, role, scope, now, now.plus(lifetime));
        if (hashOf(name) != null) {
            throw new IllegalArgumentException("there is a key named " + name + " already");
        }
        byte[] secret = new byte[SECRET_LENGTH];
        random.nextBytes(secret);
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        StateFile.in(directory, hash(text)).write(encode(key));
        return text;
    }

    /**
     * Ends a key.
     *
     * @return what it was; null: there is none of that name
     */
    public ApiKey remove(String name) throws IOException {
        String hash = hashOf(name);
        if (hash == null) {
            return null;
        }
        Path file = directory.resolve(hash);
        ApiKey removed = read(file);
        Files.deleteIfExists(file);
        return removed;
    }

    /** All, also those that are over, by name. */
    public List<ApiKey> list() throws IOException {
        return byHash().values().stream().sorted(Comparator.comparing(ApiKey::name)).toList();
    }

    /**
     * Whose key that is.
     *
     * @param text what a caller showed, anything at all
     * @return null: nobody's
     */
    public ApiKey find(String text) throws IOException {
        if (text == null || !KEY_TEXT.matcher(text).matches()) {
            return null;
        }
        return read(directory.resolve(hash(text)));
    }

    private String hashOf(String name) throws IOException {
        return byHash().entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private Map<String, ApiKey> byHash() throws IOException {
        Map<String, ApiKey> keys = new TreeMap<>();
        if (Files.notExists(directory)) {
            return keys;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String hash = file.getFileName().toString();
                ApiKey key = HASH_TEXT.matcher(hash).matches() ? read(file) : null;
                if (key != null) {
                    keys.put(hash, key);
                }
            }
        }
        return keys;
    }

    private static byte[] encode(ApiKey key) {
        String text =
                "name="
                        + key.name()
                        + "\nrole="
                        + key.role().text()
                        + "\nscope="
                        + key.scope().text()
                        + "\ncreated="
                        + key.created()
                        + "\nexpires="
                        + key.expires()
                        + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Null: there is no such file. */
    private static ApiKey read(Path file) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
            return new ApiKey(
                    properties.getProperty("name", ""),
                    ApiRole.parse(properties.getProperty("role", "")),
                    ApiScope.parse(properties.getProperty("scope", "")),
                    Instant.parse(properties.getProperty("created", "")),
                    Instant.parse(properties.getProperty("expires", "")));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + ": damaged: " + e.getMessage(), e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
