package io.spillway.node.notify;

import java.time.Instant;
import java.util.Map;

/** A notice as syslog writes it (RFC 5424 §6). */
final class SyslogText {
    private static final int FACILITY_LOCAL0 = 16;
    private static final int SEVERITIES = 8;
    private static final int HOST_LENGTH_MAX = 255;

    /** Enterprise number of examples (RFC 5612): we have none of our own. */
    private static final String DATA_ID = "spillway@32473";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final NoticeOrigin origin;

    SyslogText(NoticeOrigin origin) {
        this.origin = origin;
    }

    String of(Notice notice) {
        int priority = FACILITY_LOCAL0 * SEVERITIES + notice.severity().number();
        String head =
                String.join(
                        " ",
                        "<" + priority + ">1",
                        Instant.ofEpochMilli(notice.event().timeMs()).toString(),
                        host(origin.name()),
                        "spillway",
                        Long.toString(ProcessHandle.current().pid()),
                        notice.kind().label());
        return head + " " + data(notice) + " " + message(notice.summary());
    }

    private String data(Notice notice) {
        StringBuilder data = new StringBuilder("[").append(DATA_ID);
        put(data, "id", notice.event().id());
        put(data, "role", origin.role());
        put(data, "site_id", origin.id());
        put(data, "omitted", Long.toString(notice.omitted()));
        for (Map.Entry<String, String> field : notice.event().fields().entrySet()) {
            put(data, field.getKey().replace(' ', '_'), field.getValue());
        }
        return data.append(']').toString();
    }

    private static void put(StringBuilder data, String name, String value) {
        data.append(' ').append(name).append("=\"").append(escaped(value)).append('"');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("]", "\\]");
    }

    /** Printable ASCII only. */
    private static String host(String name) {
        String plain = name.replaceAll("[^!-~]", "-");
        return plain.isEmpty()
                ? "-"
                : plain.substring(0, Math.min(plain.length(), HOST_LENGTH_MAX));
    }

    /** One line; marked where it is not ASCII. */
    private static String message(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        boolean isAscii = line.chars().allMatch(c -> c < 0x80);
        return isAscii ? line : BYTE_ORDER_MARK + line;
    }
}
