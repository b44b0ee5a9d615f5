package io.spillway.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no-such",
                "tunnel --peers ipsec",
                "tunnel --metrics tcp2_gbps",
                "tunnel --wan lan",
                "tunnel --rounds 0",
                "tunnel --seconds 0",
                "tunnel --rounds many",
                "appliances --rounds 0",
                "scale --peers 0",
                "scale --links 5",
                "scale --idle 0",
                "return --sites 1",
                "return --routes 1025",
                "verdict --soak 1",
                "verdict --soak -5s",
                "verdict --rounds 0"
            })
    void shouldRefuseBeforeMeasuring(String line) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

        assertEquals(2, BenchCommand.run(arguments));
    }
}
