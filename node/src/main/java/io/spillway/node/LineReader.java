package io.spillway.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** Lines of bounded length from a blocking channel. Not thread safe. */
final class LineReader {

    private static final int READ_LENGTH = 4096;

    private final ReadableByteChannel channel;
    private final int lengthMax;
    private final ByteBuffer received = ByteBuffer.allocate(READ_LENGTH).limit(0);

    LineReader(ReadableByteChannel channel, int lengthMax) {
        this.channel = channel;
        this.lengthMax = lengthMax;
    }

    /**
     * The next line without its end; null at the end of the stream, where an unfinished line is
     * dropped. Malformed UTF-8 becomes U+FFFD.
     *
     * @throws IOException also when the line is longer than allowed; then the reader is of no more
     *     use
     */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (received.hasRemaining() || fill()) {
            byte next = received.get();
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (line.size() == lengthMax) {
                throw new IOException("a line of more than " + lengthMax + " bytes");
            }
            line.write(next);
        }
        return null;
    }

    private boolean fill() throws IOException {
        received.clear();
        int length = channel.read(received);
        received.flip();
        return length > 0;
    }
}
