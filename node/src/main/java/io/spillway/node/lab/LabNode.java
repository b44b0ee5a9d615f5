package io.spillway.node.lab;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/**
 * A site or PoP as the lab drives it: a process of ours ({@link NodeProcess}), or in tests
 * something that acts like one.
 */
interface LabNode extends AutoCloseable {
    String name();

    void start() throws IOException;

    /** SIGKILL; returns when it is gone. */
    void kill() throws IOException;

    /** SIGSTOP. */
    void stop() throws IOException;

    /** SIGCONT. */
    void resume() throws IOException;

    boolean isAlive();

    /** One question to its command socket. */
    JsonNode ask(String command) throws IOException;

    /** The end of what it logged, for people. */
    String lastWords();

    @Override
    void close();
}
