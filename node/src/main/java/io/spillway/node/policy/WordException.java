package io.spillway.node.policy;

/** A word of a policy that means nothing; the message says what was expected. */
final class WordException extends Exception {
    private static final long serialVersionUID = 1L;

    WordException(String message) {
        super(message);
    }
}
