package io.spillway.node.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes the bytes of one TCP connection on until told to swallow them: a link that went dead. */
final class SilentRelay implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket();
    private final InetSocketAddress target;
    private Socket near;
    private Socket far;
    private volatile boolean silent;

    SilentRelay(InetSocketAddress target) throws IOException {
        this.target = target;
        listening.bind(ChannelBench.loopback(0));
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress local() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    void fallSilent() {
        silent = true;
    }

    private void accept() {
        try {
            near = listening.accept();
            far = new Socket(target.getAddress(), target.getPort());
            Thread.ofVirtual().start(() -> pass(near, far));
            pass(far, near);
        } catch (IOException e) {
            // The test has ended.
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[4096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!silent) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            // Closed at either end.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        near.close();
        far.close();
    }
}
