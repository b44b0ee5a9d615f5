package io.spillway.control.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.RecoveryEvents.Sent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecoveryEventsTest {
    private static final long SECOND = 1_000_000_000L;
    private RecoveryEvents events = of(RecoveryEvents.Kind.OFF_CLOUD, null);
    private long nowNs;

    @Test
    void shouldTellNothingWhileMerelyReady() {
        assertEquals(Optional.empty(), poll(0, true, true));
        assertEquals(Optional.empty(), poll(0, false, true), "cloud lost, no traffic");
        assertEquals(Optional.empty(), poll(0, true, false));
    }

    @Test
    void shouldTellActivatedAtTheFirstPacketAndStoppedAfterTheLast() {
        poll(0, false, true);

        EventDraft activated = poll(1, false, true).orElseThrow();
        assertEquals(RecoveryEvents.ACTIVATED, activated.message());
        Map<String, String> fields = activated.fields();
        assertEquals("1001", fields.get(EventField.SRC_SITE_ID));
        assertEquals("18446744073709551615", fields.get(EventField.DEST_SITE_ID));
        assertEquals("lyon", fields.get(EventField.DEST_SITE_NAME));
        assertEquals("wan1", fields.get(EventField.SOCKET_INTERFACE));
        assertEquals(Optional.empty(), poll(2, false, true), "once per episode");
        assertEquals(Optional.empty(), poll(2, true, true), "the peer has not returned");
        nowNs += SECOND - 3;
        assertEquals(Optional.empty(), poll(2, true, false), "not quiet for long enough");

        assertEquals(RecoveryEvents.STOPPED, poll(2, true, false).orElseThrow().message());
        assertEquals(Optional.empty(), poll(2, true, false));
        assertEquals(RecoveryEvents.ACTIVATED, poll(3, false, true).orElseThrow().message());
    }

    @Test
    void shouldHaveAnEpisodeWhenAConnectedSiteAnswersAPeerThatLeft() {
        assertEquals(RecoveryEvents.ACTIVATED, poll(5, true, true).orElseThrow().message());
        nowNs += 60 * SECOND;
        assertEquals(Optional.empty(), poll(5, true, true));
        assertEquals(RecoveryEvents.STOPPED, poll(5, true, false).orElseThrow().message());
    }

    @Test
    void shouldGoOnWithTheEpisodeOfBeforeARestart() {
        Event last =
                Event.of(
                        "1",
                        1,
                        new EventDraft(
                                EventType.OFF_CLOUD_RECOVERY,
                                "Off-Cloud Recovery Activated",
                                Map.of()));
        events = of(RecoveryEvents.Kind.OFF_CLOUD, last);

        assertEquals(Optional.empty(), poll(9, false, true));
        nowNs += 2 * SECOND;
        assertEquals(RecoveryEvents.STOPPED, poll(9, true, false).orElseThrow().message());
    }

    @Test
    void shouldNeverTellTheSameTwiceInARow() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        String last = RecoveryEvents.STOPPED;
        long packets = 0;

        for (int i = 0; i < 200_000; i++) {
            nowNs += random.nextLong(SECOND);
            long before = packets;
            packets += random.nextInt(3) == 0 ? 1 : 0;
            boolean isAlive = random.nextBoolean();
            boolean isInUse = random.nextBoolean();
            Optional<EventDraft> draft = poll(packets, isAlive, isInUse);
            if (draft.isPresent()) {
                String message = draft.get().message();
                assertTrue(!message.equals(last), "seed " + seed);
                boolean isStart = message.equals(RecoveryEvents.ACTIVATED);
                assertEquals(isStart, packets > before, "seed " + seed);
                assertTrue(isStart || isAlive && !isInUse, "seed " + seed);
                last = message;
            }
        }
    }

    @Test
    void shouldTellTheEndThoughSeveralTunnelsOfALinkHaveCounted() {
        List<Sent> sent = List.of(sent(1, 7), sent(2, 3), sent(3, 0));
        assertTrue(events.poll(sent, false, true, 0).isPresent());

        assertEquals(Optional.empty(), events.poll(sent, true, false, SECOND - 1));
        assertEquals(
                RecoveryEvents.STOPPED,
                events.poll(sent, true, false, SECOND).orElseThrow().message());
    }

    @Test
    void shouldTellOfAltWanByATypeOfItsOwn() {
        events = of(RecoveryEvents.Kind.ALT_WAN, null);

        EventDraft activated = poll(1, false, true).orElseThrow();
        assertEquals(EventType.RECOVERY_VIA_ALT_WAN, activated.type());
        assertEquals(RecoveryEvents.ALT_WAN_ACTIVATED, activated.message());
        nowNs += SECOND;
        EventDraft stopped = poll(1, true, false).orElseThrow();
        assertEquals(EventType.RECOVERY_VIA_ALT_WAN, stopped.type());
        assertEquals(RecoveryEvents.ALT_WAN_STOPPED, stopped.message());
    }

    private Optional<EventDraft> poll(long packets, boolean isCloudAlive, boolean isInUse) {
        nowNs++;
        return events.poll(List.of(sent(1, packets)), isCloudAlive, isInUse, nowNs);
    }

    private static Sent sent(int tunnel, long packets) {
        return new Sent(tunnel, -1, "lyon", 0, "wan1", packets);
    }

    private static RecoveryEvents of(RecoveryEvents.Kind kind, Event last) {
        return new RecoveryEvents(kind, 1001, "berlin", last, 0);
    }
}
