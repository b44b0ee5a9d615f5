package io.spillway.node.pop.api;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What is kept of an API key: not the key.
 *
 * @param name by which people know it, no other has it
 * @param expires it is good until then
 */
public record ApiKey(String name, ApiRole role, ApiScope scope, Instant created, Instant expires) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    public ApiKey {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name " + name + ": expected 1 to 63 letters, digits or . _ -");
        }
    }

    public boolean isExpired(Instant now) {
        return !now.isBefore(expires);
    }
}
