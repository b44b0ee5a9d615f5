package io.spillway.node.pop.api;

/** A query that cannot be answered as it was asked; the message is for who asked. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ApiException(String message) {
        super(message, null, false, false);
    }
}
