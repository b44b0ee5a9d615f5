package io.spillway.control.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.NatMapping;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddressDiscoveryTest {
    private static final long MS = 1_000_000L;
    private static final InetSocketAddress LOCAL = new InetSocketAddress("192.168.1.2", 20060);
    private static final InetSocketAddress SEEN = new InetSocketAddress("192.0.2.1", 20060);
    private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.1", 20061);
    private static final InetSocketAddress FIRST = new InetSocketAddress("203.0.113.10", 443);
    private static final InetSocketAddress SECOND = new InetSocketAddress("203.0.113.10", 1337);

    private record Sent(InetSocketAddress to, StunMessage message) {}

    private final List<Sent> sent = new ArrayList<>();
    private long nowNs = -5;
    private final AddressDiscovery discovery =
            new AddressDiscovery(LOCAL, List.of(FIRST, SECOND), new SplittableRandom(1), nowNs);

    private void poll(long ms) {
        for (long end = nowNs + ms * MS; end - nowNs > 0; nowNs += MS) {
            discovery.poll(
                    nowNs, (to, bytes, _) -> sent.add(new Sent(to, StunMessage.parse(bytes))));
        }
    }

    private boolean answer(int index, InetSocketAddress as) {
        Sent question = sent.get(index);
        byte[] answer = StunMessage.response(question.message(), as);
        return discovery.onStun(question.to(), StunMessage.parse(answer), nowNs);
    }

    private NatMapping afterAnswers(InetSocketAddress first, InetSocketAddress second) {
        poll(1);
        assertEquals(List.of(FIRST, SECOND), sent.stream().map(Sent::to).toList());
        assertTrue(answer(0, first));
        assertTrue(answer(1, second));
        return discovery.mapping();
    }

    @Test
    void shouldSeeThatThereIsNoNat() {
        assertEquals(NatMapping.OPEN, afterAnswers(LOCAL, LOCAL));
        assertTrue(discovery.takeChange());
        assertFalse(discovery.takeChange());
    }

    @Test
    void shouldSeeAMappingThatIsTheSameForAll() {
        assertEquals(NatMapping.STABLE, afterAnswers(SEEN, SEEN));
    }

    @Test
    void shouldSeeAMappingThatChanges() {
        assertEquals(NatMapping.CHANGING, afterAnswers(SEEN, OTHER));
    }

    @Test
    void shouldAskAgainAndJudgeByOneAnswerNoMoreThanItTells() {
        poll(1);
        answer(0, SEEN);
        poll(1_300);

        assertEquals(2 + 3, sent.size());
        assertEquals(NatMapping.UNKNOWN, discovery.mapping());
    }

    @Test
    void shouldKeepWhatItKnewWhileNobodyAnswers() {
        afterAnswers(SEEN, SEEN);
        poll(120_000);

        assertEquals(NatMapping.STABLE, discovery.mapping());
    }

    @Test
    void shouldFindOutLaterThatTheNatIsAnotherOne() {
        afterAnswers(SEEN, SEEN);
        poll(30_010);
        answer(2, SEEN);
        answer(3, OTHER);

        assertEquals(NatMapping.CHANGING, discovery.mapping());
    }

    @Test
    void shouldNotBelieveStrangers() {
        poll(1);
        byte[] answer = StunMessage.response(sent.getFirst().message(), LOCAL);
        assertFalse(discovery.onStun(SECOND, StunMessage.parse(answer), nowNs));
        byte[] guessed = StunMessage.request(new byte[12], FIRST);
        StunMessage unasked =
                StunMessage.parse(StunMessage.response(StunMessage.parse(guessed), LOCAL));
        assertFalse(discovery.onStun(FIRST, unasked, nowNs));

        assertTrue(answer(0, SEEN));
        assertFalse(answer(0, LOCAL)); // once
    }
}
