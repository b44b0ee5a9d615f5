package io.spillway.routing.bgp;

/** What was received ends the session with this notification. Without a stack trace. */
final class BgpException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Notification notification;

    BgpException(Notification notification) {
        super(notification.describe(), null, false, false);
        this.notification = notification;
    }

    BgpException(int code, int subcode) {
        this(Notification.of(code, subcode));
    }

    BgpException(int code, int subcode, byte[] data) {
        this(new Notification(code, subcode, data));
    }

    Notification notification() {
        return notification;
    }
}
