package io.spillway.node.capture;

import java.io.IOException;

/** Where a capture goes. One thread. */
public interface CaptureTarget extends CaptureClient.Sink, AutoCloseable {
    /** That are whole in it. */
    long packets();

    long bytes();

    @Override
    void close() throws IOException;
}
