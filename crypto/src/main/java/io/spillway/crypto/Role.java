package io.spillway.crypto;

/** What a certificate entitles its holder to be. */
public enum Role {
    SITE("site"),
    POP("pop");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** The path segment that names this role in a certificate's URI. */
    String word() {
        return word;
    }
}
