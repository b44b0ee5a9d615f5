package io.spillway.node.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsMessageTest {
    private static final int HEADER_LENGTH = 12;
    private static final int FUZZED = Boolean.getBoolean("spillway.long") ? 10_000_000 : 100_000;

    private static ByteBuf query(String name) {
        return Unpooled.wrappedBuffer(Queries.query(7, name));
    }

    private static ByteBuf answer(String name) {
        return Unpooled.wrappedBuffer(Queries.answer(Queries.query(7, name), 0, "any"));
    }

    @Test
    void shouldReadNameInLowerCase() {
        assertEquals("www.corp.example", DnsMessage.name(query("www.Corp.EXAMPLE")));
    }

    @Test
    void shouldTakeOnlyTheAnswerToOurQuestion() {
        ByteBuf query = query("www.corp.example");

        assertTrue(DnsMessage.isAnswer(answer("www.corp.example"), query, 7));
        assertTrue(DnsMessage.isAnswer(answer("WWW.corp.example"), query, 7));
        assertFalse(DnsMessage.isAnswer(answer("www.corp.example"), query, 8));
        assertFalse(DnsMessage.isAnswer(answer("wwx.corp.example"), query, 7));
        assertFalse(DnsMessage.isAnswer(query("www.corp.example"), query, 7));
        ByteBuf otherType = answer("www.corp.example");
        otherType.setByte(DnsMessage.questionEnd(query) - 3, 28);
        assertFalse(DnsMessage.isAnswer(otherType, query, 7));
    }

    @Test
    void shouldFailWithTheQuestion() {
        ByteBuf query = Unpooled.wrappedBuffer(Queries.queryWithEdns(7, "a.example"));

        ByteBuf failure = DnsMessage.failure(query, DnsResponseCode.SERVFAIL);

        assertTrue(DnsMessage.isAnswer(failure, query, 7));
        assertTrue(DnsMessage.isFailure(failure));
        assertEquals(DnsMessage.questionEnd(query), failure.readableBytes());
    }

    @Test
    void shouldHaveNoQuestionWhereNameIsCutOrPointsSomewhere() {
        ByteBuf query = query("a.example");
        for (int length = HEADER_LENGTH; length < query.readableBytes(); length++) {
            assertEquals(DnsMessage.NO_QUESTION, DnsMessage.questionEnd(query.copy(0, length)));
        }
        ByteBuf pointer = query.copy().setByte(HEADER_LENGTH, 0xC0);
        assertEquals(DnsMessage.NO_QUESTION, DnsMessage.questionEnd(pointer));
    }

    @Test
    void shouldReadAnyBytesWithoutFailing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteBuf query = query("a.example");
        for (int i = 0; i < FUZZED; i++) {
            ByteBuf bytes = i % 2 == 0 ? random(random) : mutated(query, random);
            try {
                look(bytes, query);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static ByteBuf random(Random random) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return Unpooled.wrappedBuffer(bytes);
    }

    private static ByteBuf mutated(ByteBuf query, Random random) {
        ByteBuf mutated = query.copy(0, random.nextInt(query.readableBytes() + 1));
        if (mutated.isReadable()) {
            mutated.setByte(random.nextInt(mutated.readableBytes()), random.nextInt(256));
        }
        return mutated;
    }

    private static void look(ByteBuf bytes, ByteBuf query) {
        DnsMessage.isAnswer(bytes, query, 7);
        if (DnsMessage.wantsAnswer(bytes)) {
            DnsMessage.isQuery(bytes);
            DnsMessage.failure(bytes, DnsResponseCode.FORMERR);
            if (DnsMessage.questionEnd(bytes) != DnsMessage.NO_QUESTION) {
                DnsMessage.name(bytes);
            }
        }
    }
}
