package io.spillway.node.alarm;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.node.DropCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Since the last look many packets died for want of room in this machine, rather than by what they
 * are. Told once in ten minutes at most.
 */
public final class DropsAlarm implements Alarm {
    static final long COUNT_MIN = 1000;
    static final long REPEAT_NS = 600_000_000_000L;

    /** By name, those of the kernel too. */
    private static final Set<String> OVERLOAD =
            Set.of(
                    DropReason.HANDSHAKE_RING_FULL.name(),
                    DropReason.RING_FULL.name(),
                    DropReason.WAN_SOCKET_FULL.name(),
                    DropReason.POOL_EXHAUSTED.name(),
                    DropCounts.SOCKET_OVERFLOW,
                    DropCounts.TAP_QUEUE_FULL);

    private final Supplier<List<DropCounts.Row>> counts;
    private final Map<String, Long> seen = new HashMap<>();
    private boolean isTold;
    private long toldNs;

    /**
     * @param counts since the start; any thread
     */
    public DropsAlarm(Supplier<List<DropCounts.Row>> counts) {
        this.counts = counts;
    }

    @Override
    public List<EventDraft> look(long nowNs) {
        Map<String, Long> now =
                counts.get().stream()
                        .filter(row -> row.isKnown() && OVERLOAD.contains(row.reason()))
                        .collect(
                                Collectors.toMap(
                                        DropCounts.Row::reason,
                                        DropCounts.Row::count,
                                        Long::sum,
                                        TreeMap::new));
        Map<String, Long> news = new TreeMap<>();
        now.forEach((reason, count) -> putNews(news, reason, count));
        seen.putAll(now);
        long sum = news.values().stream().mapToLong(Long::longValue).sum();
        if (sum < COUNT_MIN || isTold && nowNs - toldNs < REPEAT_NS) {
            return List.of();
        }
        isTold = true;
        toldNs = nowNs;
        return List.of(draft(news, sum));
    }

    private void putNews(Map<String, Long> news, String reason, long count) {
        long grown = count - seen.getOrDefault(reason, 0L);
        if (grown > 0) {
            news.put(reason, grown);
        }
    }

    private static EventDraft draft(Map<String, Long> news, long sum) {
        Map<String, String> fields = new TreeMap<>();
        fields.put(EventField.EVENT_COUNT, Long.toString(sum));
        fields.put(
                EventField.FAILURE_REASON,
                news.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", ")));
        return new EventDraft(
                EventType.PACKETS_DROPPED, "Packets were dropped for want of room", fields);
    }
}
