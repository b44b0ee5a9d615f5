package io.spillway.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of a configuration file, refused before parsing when it cannot be YAML of ours. */
final class ConfigText {

    static final int LENGTH_MAX = 1 << 20;

    /** Of files with thousands of rules; YAML's parser takes no more. */
    private static final int LONG_LENGTH_MAX = 3 << 20;

    static String read(Path file) throws ConfigException {
        return decode(file.toString(), bytes(file, LENGTH_MAX));
    }

    /** The same of a file that may be longer. */
    static String readLong(Path file) throws ConfigException {
        return decode(file.toString(), bytes(file, LONG_LENGTH_MAX), LONG_LENGTH_MAX);
    }

    /** Bytes to text; a byte order mark is dropped. */
    static String decode(String file, byte[] bytes) throws ConfigException {
        return decode(file, bytes, LENGTH_MAX);
    }

    private static String decode(String file, byte[] bytes, int lengthMax) throws ConfigException {
        if (bytes.length > lengthMax) {
            throw new ConfigException(file, 1, "expected at most " + lengthMax + " bytes");
        }
        String text = utf8(file, bytes);
        refuseTabs(file, text);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static byte[] bytes(Path file, int lengthMax) throws ConfigException {
        if (Files.isDirectory(file)) {
            throw new ConfigException(file.toString(), 1, "is a directory; expected a YAML file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(lengthMax + 1);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file.toString(), 1, "no such file");
        } catch (AccessDeniedException e) {
            throw new ConfigException(file.toString(), 1, "no permission to read it");
        } catch (IOException e) {
            throw new ConfigException(file.toString(), 1, "cannot be read: " + e.getMessage());
        }
    }

    private static String utf8(String file, byte[] bytes) throws ConfigException {
        ByteBuffer remaining = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(remaining).toString();
        } catch (CharacterCodingException e) {
            int line = 1 + count(bytes, remaining.position(), (byte) '\n');
            throw new ConfigException(file, line, "not UTF-8 text");
        }
    }

    private static int count(byte[] bytes, int end, byte wanted) {
        int count = 0;
        for (int i = 0; i < end; i++) {
            count += bytes[i] == wanted ? 1 : 0;
        }
        return count;
    }

    /** YAML forbids tabs in the indentation; its parsers say so in words nobody understands. */
    private static void refuseTabs(String file, String text) throws ConfigException {
        int line = 1;
        boolean indentation = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            }
            if (indentation && c == '\t') {
                throw new ConfigException(file, line, "a tab in the indentation; expected spaces");
            }
            indentation = c == '\n' || indentation && c == ' ';
        }
    }

    private ConfigText() {}
}
