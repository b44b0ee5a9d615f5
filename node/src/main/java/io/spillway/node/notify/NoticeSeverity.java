package io.spillway.node.notify;

/** How bad it is, as syslog counts (RFC 5424 §6.2.1). */
enum NoticeSeverity {
    CRITICAL(2),
    ERROR(3),
    WARNING(4),
    NOTICE(5),
    INFORMATIONAL(6);

    private final int number;

    NoticeSeverity(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
