package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.LinkRole;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelLinksTest {
    private static final long PROVEN_NS = ChannelLinks.PROVEN_NS;

    private final ChannelLinks links = new ChannelLinks(List.of(link(0, 2), link(1, 1)));

    private static Link link(int index, int precedence) {
        return new Link(
                index, "wan" + index, LinkRole.INTERNET, precedence, true, LinkEndpoints.NONE);
    }

    @Test
    void shouldTryAllByPrecedenceWhileNoneLeadsThere() {
        assertEquals(List.of(1, 0), links.order());

        assertFalse(links.poll(0b0, 0));

        assertEquals(List.of(1, 0), links.order());
    }

    @Test
    void shouldLeaveALinkWhoseTunnelDied() {
        links.poll(0b11, 0);

        assertTrue(links.poll(0b1, 1));

        assertEquals(List.of(0), links.order());
    }

    @Test
    void shouldStayWhereItIsWhenAllDied() {
        links.poll(0b11, 0);

        links.poll(0b0, 1);

        assertEquals(List.of(1, 0), links.order());
    }

    @Test
    void shouldGoBackToThePreferredLinkOnlyWhenThatHasHeld() {
        links.poll(0b1, 0);

        links.poll(0b11, 1);
        assertEquals(List.of(1, 0), links.order());
        assertFalse(links.poll(0b11, PROVEN_NS));
        assertTrue(links.poll(0b11, 2 * PROVEN_NS));

        assertEquals(List.of(1), links.order());
    }

    @Test
    void shouldCountFromItsReturnHowLongALinkHasHeld() {
        links.poll(0b11, 0);
        links.poll(0b1, PROVEN_NS / 2);

        links.poll(0b11, PROVEN_NS);

        assertEquals(List.of(1, 0), links.order());
    }

    @Test
    void shouldUseAnyOfThoseOfOnePrecedence() {
        ChannelLinks equals = new ChannelLinks(List.of(link(0, 1), link(1, 1), link(2, 3)));
        equals.poll(0b111, 0);

        equals.poll(0b111, PROVEN_NS);

        assertEquals(List.of(0, 1), equals.order());
    }
}
