package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.NamespaceProcess;
import java.io.IOException;
import java.util.List;

/** A way between the two sites on a network of its own, from its start to its end. */
public interface Tunnel extends AutoCloseable {
    /** Starts everything but site A's end. */
    void startFar() throws IOException, InterruptedException;

    /** Starts site A's end; packets may take a while longer. */
    void startNear() throws IOException, InterruptedException;

    /**
     * Called when the first packet has come through; brings it into the state to be measured.
     *
     * @throws IOException if it does not come there
     */
    void settle() throws IOException, InterruptedException;

    /** Both ends' processes, whose work is the tunnel's cost. */
    List<NamespaceProcess> processes();

    /** The ends of the logs, for people. */
    String lastWords();

    @Override
    void close() throws IOException;
}
