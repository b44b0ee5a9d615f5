package io.spillway.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void shouldReadProcessorAndLoad() {
        String cpuinfo = "processor\t: 0\nmodel name\t: AMD EPYC\nprocessor\t: 1\n";

        assertEquals("AMD EPYC", Environment.processor(cpuinfo));
        assertEquals(0.42, Environment.load("0.42 0.30 0.25 1/211 4711\n"));
    }

    @Test
    void shouldNameTheArchitectureWhereTheProcessorHasNoName() {
        assertEquals(System.getProperty("os.arch"), Environment.processor("processor\t: 0\n"));
    }

    @Test
    void shouldWarnOnABusyMachineOnly() {
        assertTrue(environment(0.4).warning().isEmpty());
        assertFalse(environment(0.6).warning().isEmpty());
    }

    private static Environment environment(double load) {
        return new Environment("x", 2, "6.1", "25", "2026-11-25T16:00:00Z", load);
    }
}
