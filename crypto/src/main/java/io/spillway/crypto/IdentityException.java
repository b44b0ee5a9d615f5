package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.Path;

/** An identity or authority file is missing or unusable. The message starts with its path. */
public final class IdentityException extends IOException {
    private static final long serialVersionUID = 1L;

    public IdentityException(Path file, String problem) {
        super(file + ": " + problem);
    }

    IdentityException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
