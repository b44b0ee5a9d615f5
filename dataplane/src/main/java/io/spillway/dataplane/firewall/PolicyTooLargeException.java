package io.spillway.dataplane.firewall;

/** The rules of a policy overlap in so many ways that the tables for them would be too large. */
public final class PolicyTooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    PolicyTooLargeException() {
        super("its rules overlap in too many ways");
    }
}
