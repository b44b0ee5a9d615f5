package io.spillway.node.lab;

/** The lab cannot go on; the message says why, for people. */
final class LabException extends Exception {
    private static final long serialVersionUID = 1;

    LabException(String message) {
        super(message);
    }
}
