package io.spillway.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AnswerTextTest {

    @Test
    void shouldShowValuesThenSectionsThenTables() {
        assertEquals(
                """
                site        7
                is up       yes
                last event  -
                pops        a, b
                drops       -

                pop:
                name  frankfurt

                pop, links:
                NAME   RTT MS  STATE
                fibre     1.5  up
                lte        20  -
                """,
                text(
                        """
                        {"site":7, "isUp":true, "lastEvent":null, "pops":["a","b"],
                         "pop":{"name":"frankfurt", "links":[
                           {"name":"fibre","rttMs":1.5,"state":"up"},{"name":"lte","rttMs":20}]},
                         "drops":{}}
                        """));
    }

    @Test
    void shouldShowListAsTable() {
        assertEquals(
                "REASON  COUNT\nA          10\nBC          2\n",
                text("[{\"reason\":\"A\",\"count\":10},{\"reason\":\"BC\",\"count\":2}]"));
        assertEquals("-\n", text("[]"));
        assertEquals("", text("{}"));
    }

    @Test
    void shouldKeepControlCharactersFromTerminal() {
        assertEquals("a?b  ?[31mred\n", text("{\"a\\u0007b\":\"\\u001b[31mred\"}"));
    }

    private static String text(String json) {
        return AnswerText.of(JsonMapper.shared().readTree(json));
    }
}
