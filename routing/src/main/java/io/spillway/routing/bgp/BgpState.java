package io.spillway.routing.bgp;

/** RFC 4271 section 8.2.2; of a session, that of its connection that has come farthest. */
public enum BgpState {
    IDLE("Idle"),
    CONNECT("Connect"),
    ACTIVE("Active"),
    OPEN_SENT("OpenSent"),
    OPEN_CONFIRM("OpenConfirm"),
    ESTABLISHED("Established");

    private final String label;

    BgpState(String label) {
        this.label = label;
    }

    /** As published (A04). */
    public String label() {
        return label;
    }
}
