package io.spillway.node.enrol;

import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Set;

/**
 * The tokens a PoP has given out, one file each, named by the hash of the secret. Whoever renames
 * the file has used the token, so the daemon and the commands need no lock between them.
 *
 * <pre>
 *   STATE/enrol-tokens/HASH         mode 0600: site, name, expires
 *   STATE/enrol-tokens/HASH.used    the same, used
 * </pre>
 *
 * <p>Thread safe, also between processes. What a method did is on disk when it returns.
 */
public final class EnrolTokens {
    public static final Duration LIFETIME = Duration.ofHours(24);

    /** How long a token that is used or expired can still be told from one that never was. */
    static final Duration REMEMBERED = Duration.ofDays(30);

    private static final String DIRECTORY = "enrol-tokens";
    private static final String USED = ".used";
    private static final String FRESH = ".new";
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path directory;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** For whom a token was made. */
    public record Grant(long siteId, String name, Instant expires) {}

    public EnrolTokens(Path state, InstantSource clock) {
        this.directory = state.resolve(DIRECTORY);
        this.clock = clock;
    }

    /**
     * @return the secret, which is kept nowhere
     */
    public byte[] issue(long siteId, String name) throws IOException {
        Files.createDirectories(directory, DIRECTORY_MODE);
        forgetOld();
        byte[] secret = new byte[JoinToken.SECRET_LENGTH];
        random.nextBytes(secret);
        String text =
                "site="
                        + Long.toUnsignedString(siteId)
                        + "\nname="
                        + name
                        + "\nexpires="
                        + clock.instant().plus(LIFETIME)
                        + "\n";
        Path file = fileOf(secret);
        Path fresh = file.resolveSibling(file.getFileName() + FRESH);
        Files.createFile(fresh, FILE_MODE);
        Files.writeString(fresh, text, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        saveNames();
        return secret;
    }

    /**
     * Uses the token up.
     *
     * @throws EnrolException when it is not good for this site, now
     */
    public Grant redeem(long siteId, byte[] secret) throws IOException {
        Path file = fileOf(secret);
        Path used = file.resolveSibling(file.getFileName() + USED);
        if (Files.exists(used)) {
            throw new EnrolException("token was used already; ask for a new one");
        }
        if (Files.notExists(file)) {
            throw new EnrolException("token is not known to this PoP; ask for a new one");
        }
        Grant grant = read(file);
        if (grant.siteId() != siteId) {
            throw new EnrolException(
                    "token was made for another site than "
                            + Long.toUnsignedString(siteId)
                            + "; ask for a new one");
        }
        if (!clock.instant().isBefore(grant.expires())) {
            throw new EnrolException("token expired " + grant.expires() + "; ask for a new one");
        }
        take(file, used);
        return grant;
    }

    private void take(Path file, Path used) throws IOException {
        try {
            Files.move(file, used, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            throw new EnrolException("token was used already; ask for a new one", e);
        }
        saveNames();
    }

    private static Grant read(Path file) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
            long siteId = Long.parseUnsignedLong(properties.getProperty("site", ""));
            Instant expires = Instant.parse(properties.getProperty("expires", ""));
            return new Grant(siteId, properties.getProperty("name", ""), expires);
        } catch (NoSuchFileException e) {
            throw new EnrolException("token was used already; ask for a new one", e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new EnrolException(file + ": damaged", e);
        }
    }

    private void forgetOld() throws IOException {
        Instant limit = clock.instant().minus(REMEMBERED);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** A new name is safe from a power cut only when its directory is. */
    private void saveNames() throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private Path fileOf(byte[] secret) {
        return directory.resolve(HexFormat.of().formatHex(Fingerprint.of(secret)));
    }
}
