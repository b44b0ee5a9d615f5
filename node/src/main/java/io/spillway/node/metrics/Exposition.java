package io.spillway.node.metrics;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a scrape is written: OpenMetrics for who asks for it, else the text format before it. Line by
 * line into a buffer outside the heap: the text of thousands of tunnels is megabytes, and packets
 * wait for each collection.
 */
enum Exposition {
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8"),
    TEXT("text/plain; version=0.0.4; charset=utf-8");

    private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";

    /** Every whole number below is exact in a double. */
    private static final double WHOLE_MAX = 1L << 53;

    private final String contentType;

    Exposition(String contentType) {
        this.contentType = contentType;
    }

    /**
     * @param accept what the asking side takes (RFC 9110 §12.5.1); null: it does not say
     */
    static Exposition accepted(String accept) {
        return accept != null && accept.contains(OPEN_METRICS_TYPE) ? OPEN_METRICS : TEXT;
    }

    String contentType() {
        return contentType;
    }

    void write(Scrape scrape, ByteBuf out) {
        StringBuilder line = new StringBuilder();
        scrape.samples()
                .forEach(
                        (metric, samples) -> {
                            describe(metric, line);
                            flush(line, out);
                            write(metric, scrape.common(), samples, line, out);
                        });
        if (this == OPEN_METRICS) {
            line.append("# EOF\n");
            flush(line, out);
        }
    }

    private static void flush(StringBuilder line, ByteBuf out) {
        out.writeCharSequence(line, StandardCharsets.UTF_8);
        line.setLength(0);
    }

    private void describe(Metric metric, StringBuilder line) {
        boolean isOpen = this == OPEN_METRICS;
        String name = isOpen ? metric.family() : metric.sampleName();
        String type = isOpen ? metric.kind().openMetrics : metric.kind().before;
        describe("# HELP ", name, metric.help(), line);
        describe("# TYPE ", name, type, line);
        if (isOpen && !metric.unit().isEmpty()) {
            describe("# UNIT ", name, metric.unit(), line);
        }
    }

    private static void describe(String word, String name, String text, StringBuilder line) {
        line.append(word).append(name).append(' ').append(text).append('\n');
    }

    private static void write(
            Metric metric,
            Labels common,
            List<Scrape.Sample> samples,
            StringBuilder line,
            ByteBuf out) {
        for (Scrape.Sample sample : samples) {
            String own = sample.labels().text();
            line.append(metric.sampleName()).append('{').append(common.text());
            line.append(own.isEmpty() ? "" : ",").append(own).append("} ");
            write(sample.value(), line);
            line.append('\n');
            flush(line, out);
        }
    }

    private static void write(double value, StringBuilder line) {
        if (value == Math.rint(value) && Math.abs(value) < WHOLE_MAX) {
            line.append((long) value);
        } else {
            line.append(value);
        }
    }
}
