package io.spillway.bench.tunnel;

import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The figures as a drawing (SVG) that is readable on white and on black: a column for each kind of
 * WAN, in it a panel of bars for each metric.
 */
final class ResultChart {
    private static final List<Metric> METRICS =
            List.of(
                    Metric.TCP1_GBPS,
                    Metric.TCP1_PLAINLAN_GBPS,
                    Metric.CPU_S_PER_GBIT,
                    Metric.UDP64_NDR_KPPS,
                    Metric.UDP64_TUNNEL_US,
                    Metric.RTT_P50_US);

    private static final int COLUMN_WIDTH = 470;
    private static final int NAME_WIDTH = 125;
    private static final int BAR_WIDTH_MAX = 260;
    private static final int BAR_STEP = 18;
    private static final int BAR_HEIGHT = 13;
    private static final int TITLE_HEIGHT = 30;
    private static final int TOP = 16;

    private static final String HEAD =
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">
            <style>
              text { font: 12px sans-serif; fill: #222 }
              .title { font-weight: bold }
              .figure { text-anchor: start }
              .name { text-anchor: end }
              .ours { fill: #1b7f4d } .kernel { fill: #888 } .other { fill: #4a78b5 }
              @media (prefers-color-scheme: dark) {
                text { fill: #ddd }
                .ours { fill: #3fbf80 } .kernel { fill: #999 } .other { fill: #78a6e3 }
              }
            </style>
            """;

    private final Results results;
    private final List<Wan> wans;
    private final List<Metric> metrics;
    private final StringBuilder svg = new StringBuilder();

    ResultChart(Results results, TunnelOptions options) {
        this.results = results;
        this.wans = options.wans();
        this.metrics = METRICS.stream().filter(options.metrics()::contains).toList();
    }

    void write(Path file) throws IOException {
        Files.writeString(file, text());
    }

    String text() {
        int panelHeight = TITLE_HEIGHT + BAR_STEP * results.contenders().size();
        int width = COLUMN_WIDTH * wans.size();
        int height = TOP + panelHeight * metrics.size();
        svg.append(HEAD.formatted(width, height, width, height));
        for (int column = 0; column < wans.size(); column++) {
            for (int row = 0; row < metrics.size(); row++) {
                int top = TOP + row * panelHeight;
                panel(column * COLUMN_WIDTH, top, wans.get(column), metrics.get(row));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(int left, int top, Wan wan, Metric metric) {
        String better = metric.isMoreBetter() ? "more is better" : "less is better";
        String title = "%s, %s WAN (%s)".formatted(metric.label(), wan.label(), better);
        label(left + NAME_WIDTH + 6, top + 8, "title", title);
        double longest = longest(wan, metric);
        int y = top + 16;
        for (Contender contender : results.contenders()) {
            OptionalDouble value = results.median(contender.name(), wan, metric);
            label(left + NAME_WIDTH, y + 11, "name", contender.name());
            if (value.isPresent()) {
                bar(left + NAME_WIDTH + 6, y, contender, value.getAsDouble(), longest);
            }
            y += BAR_STEP;
        }
    }

    private double longest(Wan wan, Metric metric) {
        return results.contenders().stream()
                .map(contender -> results.median(contender.name(), wan, metric))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max()
                .orElse(1);
    }

    private void bar(int x, int y, Contender contender, double value, double longest) {
        long width = Math.max(1, Math.round(BAR_WIDTH_MAX * value / longest));
        String kind =
                contender.isOurs()
                        ? "ours"
                        : contender.name().equals(Contender.KERNEL) ? "kernel" : "other";
        svg.append(
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n"
                        .formatted(kind, x, y, width, BAR_HEIGHT));
        String figure = String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
        label(x + width + 4, y + 11, "figure", figure);
    }

    private void label(long x, long y, String kind, String text) {
        svg.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n".formatted(kind, x, y, text));
    }
}
