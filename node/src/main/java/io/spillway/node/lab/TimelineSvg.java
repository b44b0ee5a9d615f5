package io.spillway.node.lab;

import java.util.List;
import java.util.Locale;

/** Draws a {@link Timeline}: packets per 10 ms, probes and replies, and what happened when. */
final class TimelineSvg {
    static final double BIN_MS = 10;

    private static final int WIDTH = 860;
    private static final int LEFT = 84;
    private static final int RIGHT = 20;
    private static final int TITLE_HEIGHT = 34;
    private static final int MARKS_HEIGHT = 78;
    private static final int MARK_ROW_HEIGHT = 15;
    private static final int MARK_ROWS = 4;
    private static final int BARS_HEIGHT = 96;
    private static final int TICKS_HEIGHT = 18;

    /** Packets of the highest bar; what is more is written above. */
    private static final int BAR_MAX = 30;

    private static final int AXIS_HEIGHT = 34;
    private static final int WINDOW_GAP = 22;
    private static final int WINDOW_HEIGHT =
            TITLE_HEIGHT + MARKS_HEIGHT + BARS_HEIGHT + 2 * TICKS_HEIGHT + 12 + AXIS_HEIGHT;
    private static final int LEGEND_HEIGHT = 26;
    private static final double[] STEPS_MS = {50, 100, 200, 500, 1000, 2000, 5000};
    private static final int STEPS_MAX = 12;
    private static final String STYLE =
            """
            <style>
              text { font: 12px sans-serif; fill: #222 }
              .title { font-weight: bold; font-size: 13px }
              .end { text-anchor: end } .mid { text-anchor: middle }
              .cloud { fill: #4a78b5 } .tunnel { fill: #1b7f4d }
              .probe { stroke: #777 } .reply { stroke: #4a78b5 } .mark { stroke: #c0392b }
              .axis { stroke: #999 } .grid { stroke: #ddd }
              line { stroke-width: 1 }
              @media (prefers-color-scheme: dark) {
                text { fill: #ddd }
                .cloud { fill: #78a6e3 } .tunnel { fill: #3fbf80 } .reply { stroke: #78a6e3 }
                .probe { stroke: #aaa } .mark { stroke: #ff7062 } .grid { stroke: #444 }
              }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();

    private TimelineSvg() {}

    static String of(Timeline timeline) {
        return new TimelineSvg().draw(timeline);
    }

    private String draw(Timeline timeline) {
        int height = LEGEND_HEIGHT + 2 * WINDOW_HEIGHT + WINDOW_GAP;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\">%n",
                WIDTH, height, WIDTH, height);
        svg.append(STYLE);
        legend(timeline.title());
        window(timeline.cut(), LEGEND_HEIGHT);
        window(timeline.comeback(), LEGEND_HEIGHT + WINDOW_HEIGHT + WINDOW_GAP);
        return svg.append("</svg>\n").toString();
    }

    private void legend(String title) {
        text("title", LEFT, 18, title);
        rect("cloud", WIDTH - 300, 9, 12, 10);
        text("", WIDTH - 284, 18, "by the PoP");
        rect("tunnel", WIDTH - 190, 9, 12, 10);
        text("", WIDTH - 174, 18, "by the tunnel, site to site");
    }

    private void window(Timeline.Window window, int top) {
        int marksTop = top + TITLE_HEIGHT;
        int barsTop = marksTop + MARKS_HEIGHT;
        int probesTop = barsTop + BARS_HEIGHT + 6;
        int repliesTop = probesTop + TICKS_HEIGHT;
        int bottom = repliesTop + TICKS_HEIGHT + 6;
        text("title", LEFT, top + 20, window.name());
        axis(window, barsTop, bottom);
        bars(window, barsTop);
        ticks(window, "probe", "PROBE sent", window.probes(), probesTop);
        ticks(window, "reply", "reply", window.replies(), repliesTop);
        marks(window, marksTop, bottom);
    }

    private void axis(Timeline.Window window, int top, int bottom) {
        double stepMs = STEPS_MS[STEPS_MS.length - 1];
        for (double step : STEPS_MS) {
            if ((window.endMs() - window.startMs()) / step <= STEPS_MAX) {
                stepMs = step;
                break;
            }
        }
        double firstMs = Math.ceil(window.startMs() / stepMs) * stepMs;
        for (double ms = firstMs; ms <= window.endMs(); ms += stepMs) {
            double x = x(window, ms);
            line("grid", x, top, x, bottom);
            text("mid", x, bottom + 16, "%.0f ms".formatted(ms));
        }
        line("axis", LEFT, bottom, WIDTH - RIGHT, bottom);
    }

    private void bars(Timeline.Window window, int top) {
        int[] byPop = window.bins(window.byPop(), BIN_MS);
        int[] byTunnel = window.bins(window.byTunnel(), BIN_MS);
        int bottom = top + BARS_HEIGHT;
        double width = x(window, window.startMs() + BIN_MS) - LEFT;
        for (int i = 0; i < byPop.length; i++) {
            double x = x(window, window.startMs() + i * BIN_MS);
            int count = byPop[i] + byTunnel[i];
            double scale = (double) BARS_HEIGHT / Math.max(BAR_MAX, count);
            double tunnel = scale * byTunnel[i];
            double cloud = scale * byPop[i];
            rect("tunnel", x, bottom - tunnel, width * 0.9, tunnel);
            rect("cloud", x, bottom - tunnel - cloud, width * 0.9, cloud);
            if (count > BAR_MAX) text("mid", x + width / 2, top - 3, Integer.toString(count));
        }
        double steady = bottom - BARS_HEIGHT * BIN_MS / BAR_MAX;
        line("grid", LEFT, steady, WIDTH - RIGHT, steady);
        text("end", LEFT - 8, steady - 3, "packets");
        text("end", LEFT - 8, steady + 11, "in 10 ms: 10");
        text("end", LEFT - 8, bottom, "0");
        line("axis", LEFT, bottom, WIDTH - RIGHT, bottom);
    }

    private void ticks(
            Timeline.Window window, String kind, String name, List<Double> times, int top) {
        text("end", LEFT - 8, top + TICKS_HEIGHT - 5, name);
        for (double ms : times) {
            if (ms < window.startMs() || ms > window.endMs()) continue;
            double x = x(window, ms);
            line(kind, x, top + 3, x, top + TICKS_HEIGHT - 3);
        }
    }

    /** Each mark's words in a row of their own, so that those close together can be read. */
    private void marks(Timeline.Window window, int top, int bottom) {
        int row = 0;
        for (Timeline.Mark mark : window.marks()) {
            double x = x(window, mark.ms());
            int y = top + (row++ % (MARK_ROWS + 1)) * MARK_ROW_HEIGHT;
            line("mark", x, y + 2, x, bottom);
            boolean isLate = x > WIDTH - 220;
            String words = "%s, %.0f ms".formatted(mark.text(), mark.ms());
            text(isLate ? "end" : "", isLate ? x - 4 : x + 4, y + 11, words);
        }
    }

    private static double x(Timeline.Window window, double ms) {
        double share = (ms - window.startMs()) / (window.endMs() - window.startMs());
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private void text(String kind, double x, double y, String words) {
        String escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", kind, x, y, escaped);
    }

    private void rect(String kind, double x, double y, double width, double height) {
        if (height <= 0) return;
        add(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
                kind, x, y, width, height);
    }

    private void line(String kind, double x1, double y1, double x2, double y2) {
        add(
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                kind, x1, y1, x2, y2);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
