package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A reason code as a site told it.
 *
 * @param until what was said until then, true too
 * @param toldInstead what was said last, if another one, or said too
 * @param toldSeconds after the cause
 * @param readySeconds after the cause was gone
 */
record ReasonRow(
        String code,
        String cause,
        String site,
        String side,
        String link,
        double toldSeconds,
        double readySeconds,
        String until,
        String toldInstead) {
    private static final String FORMAT = "%-31s  %-52s  %-6s  %-7s  %-4s  %6s  %7s  %s  %s";

    static List<String> lines(List<ReasonRow> rows) {
        List<String> lines = new ArrayList<>();
        if (!rows.isEmpty()) {
            lines.add(
                    FORMAT.formatted(
                            "CODE",
                            "CAUSE",
                            "SITE",
                            "SIDE",
                            "LINK",
                            "TOLD s",
                            "READY s",
                            "UNTIL THEN",
                            ""));
        }
        rows.forEach(row -> lines.add(row.line()));
        return lines;
    }

    private String line() {
        return FORMAT.formatted(
                code,
                cause,
                site,
                side,
                link,
                tenths(toldSeconds),
                tenths(readySeconds),
                until,
                toldInstead);
    }

    private static String tenths(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }
}
