package io.spillway.node.notify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NoticeLimitTest {
    @Test
    void shouldLetSomeGoAtOnceAndThenOneNowAndThen() {
        NoticeLimit limit = new NoticeLimit(0);
        for (int i = 0; i < NoticeLimit.BURST; i++) {
            assertTrue(limit.take(i), "notice " + i);
        }

        assertFalse(limit.take(NoticeLimit.BURST));
        assertFalse(limit.take(NoticeLimit.EACH_NS - 1));
        assertTrue(limit.take(NoticeLimit.EACH_NS));
        assertFalse(limit.take(NoticeLimit.EACH_NS + 1));
    }

    @Test
    void shouldNotSaveUpMoreThanTheBurst() {
        NoticeLimit limit = new NoticeLimit(0);
        long later = 1000 * NoticeLimit.EACH_NS;
        for (int i = 0; i < NoticeLimit.BURST; i++) {
            assertTrue(limit.take(later));
        }

        assertFalse(limit.take(later));
    }
}
