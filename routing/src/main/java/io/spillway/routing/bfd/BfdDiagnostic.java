package io.spillway.routing.bfd;

/** Why a session went down last, as its own side says it (RFC 5880 section 4.1). */
public enum BfdDiagnostic {
    NONE("no diagnostic"),
    DETECTION_TIME_EXPIRED("control detection time expired"),
    ECHO_FAILED("echo function failed"),
    NEIGHBOUR_SIGNALLED_DOWN("neighbour signalled session down"),
    FORWARDING_PLANE_RESET("forwarding plane reset"),
    PATH_DOWN("path down"),
    CONCATENATED_PATH_DOWN("concatenated path down"),
    ADMINISTRATIVELY_DOWN("administratively down"),
    REVERSE_CONCATENATED_PATH_DOWN("reverse concatenated path down");

    private static final BfdDiagnostic[] ALL = values();

    private final String text;

    BfdDiagnostic(String text) {
        this.text = text;
    }

    /** NONE for a number that is not assigned. */
    static BfdDiagnostic of(int number) {
        return number < ALL.length ? ALL[number] : NONE;
    }

    public String text() {
        return text;
    }
}
