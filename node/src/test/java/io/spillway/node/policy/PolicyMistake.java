package io.spillway.node.policy;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.ConfigException;
import org.junit.jupiter.params.provider.Arguments;

/** A policy that is good but for one place, and what must be said of it. */
record PolicyMistake(String replaced, String by, String message) {
    /** Reads a policy's text. */
    interface Reader {
        Object read(String text) throws Exception;
    }

    static Arguments row(String replaced, String by, String message) {
        return Arguments.of(new PolicyMistake(replaced, by, message));
    }

    void assertNamed(String policy, Reader reader) {
        assertTrue(policy.contains(replaced), replaced);

        String wrong = policy.replace(replaced, by);
        ConfigException refused = assertThrows(ConfigException.class, () -> reader.read(wrong));

        assertTrue(refused.getMessage().contains(message), refused::getMessage);
    }
}
