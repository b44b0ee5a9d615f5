package io.spillway.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import tools.jackson.databind.JsonNode;

/**
 * A command of the {@link CommandSocket} that is answered by more than a line, for as long as its
 * client stays: a line, and unless that is an {@code error}, chunks of bytes and a last line.
 *
 * <pre>
 *   line
 *   | length (4) | count of what is in it (4) | bytes |     network byte order
 *   ...
 *   | 0 (4)      | 0 (4)                      |
 *   line
 * </pre>
 *
 * <p>Ends when the client goes, or closes its side to hear the last line.
 */
public interface CommandStream {
    /** Runs on the client's own thread until all is said. */
    void run(JsonNode request, Client client) throws IOException;

    /** Who asked. One thread at a time, but for {@link #isLeaving} and {@link #close}. */
    interface Client {
        void line(JsonNode line) throws IOException;

        /** Waits until the client has taken it. */
        void chunk(ByteBuffer bytes, int count) throws IOException;

        /** Behind the last chunk, in front of the last line. */
        void endChunks() throws IOException;

        /** As the kernel names it, for the record. */
        String who();

        /** Nothing more is wanted. Any thread. */
        boolean isLeaving();

        /** Ends a wait for a client that takes nothing. Any thread. */
        void close();
    }
}
