package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @Test
    void shouldPrintPlainLinesWhereThereIsNoTerminal() {
        try (Screen screen = new Screen(new PrintStream(output, true), false)) {
            screen.table(() -> List.of("berlin: CLOUD"));
            screen.phase("cut 1");
        }

        assertTrue(output.toString().matches("\\[ +0\\.\\d s] cut 1\\R"), output::toString);
    }

    @Test
    void shouldDrawTheTableBelowThePhaseAndTakeItAwayInTheEnd() {
        try (Screen screen = new Screen(new PrintStream(output, true), true)) {
            screen.table(() -> List.of("berlin: CLOUD"));
            screen.phase("cut 1");
        }

        String text = output.toString();
        assertTrue(text.contains("cut 1"), text);
        assertTrue(text.contains("    berlin: CLOUD"), text);
        assertTrue(text.endsWith("\033[1A\r\033[2K"), text);
        assertFalse(text.startsWith("\033"), text);
        assertEquals(1, text.split("cut 1", -1).length - 1);
    }
}
