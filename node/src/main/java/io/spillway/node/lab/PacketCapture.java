package io.spillway.node.lab;

import io.spillway.tap.NetworkNamespace;
import io.spillway.tap.PacketSocket;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A running capture of a namespace into a classic pcap file of "cooked" v2 packets, which every
 * tool reads.
 */
final class PacketCapture {
    private static final long IDLE_NS = 2_000_000;
    private static final int SLL2_LENGTH = 20;
    private static final int RECORD_HEADER_LENGTH = 16;
    private final Path file;
    private final Thread thread;
    private final CountDownLatch isCapturing = new CountDownLatch(1);
    private volatile boolean isRunning = true;
    private volatile long dropped;
    private volatile IOException failure;

    private PacketCapture(Path namespace, String device, Path file) {
        this.file = file;
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("capture")
                        .unstarted(() -> run(namespace, device));
    }

    /**
     * Returns when it captures.
     *
     * @param device null: all
     */
    static PacketCapture start(Path namespace, String device, Path file) throws IOException {
        PacketCapture capture = new PacketCapture(namespace, device, file);
        capture.thread.start();
        capture.await(capture.isCapturing::await);
        return capture;
    }

    private void run(Path namespace, String device) {
        try {
            NetworkNamespace.enter(namespace);
            try (PacketSocket socket = PacketSocket.open(device);
                    OutputStream output =
                            new BufferedOutputStream(Files.newOutputStream(file), 1 << 18)) {
                output.write(fileHeader());
                isCapturing.countDown();
                capture(socket, output);
                dropped = socket.dropped();
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            isCapturing.countDown();
        }
    }

    private void capture(PacketSocket socket, OutputStream output) throws IOException {
        int overhead = RECORD_HEADER_LENGTH + SLL2_LENGTH;
        byte[] bytes = new byte[overhead + PacketSocket.CAPTURED_LENGTH_MAX];
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (socket.hasPacket() || isRunning) {
            if (!socket.hasPacket()) {
                LockSupport.parkNanos(IDLE_NS);
                continue;
            }
            int length = socket.read(bytes, overhead);
            header.putInt(0, (int) (socket.timeNs() / 1_000_000_000));
            header.putInt(4, (int) (socket.timeNs() % 1_000_000_000));
            header.putInt(8, SLL2_LENGTH + length).putInt(12, SLL2_LENGTH + socket.length());
            header.putShort(RECORD_HEADER_LENGTH, Short.reverseBytes((short) socket.etherType()));
            short hardware = Short.reverseBytes((short) socket.hardwareType());
            header.putShort(RECORD_HEADER_LENGTH + 8, hardware);
            header.put(RECORD_HEADER_LENGTH + 10, (byte) socket.packetType());
            output.write(bytes, 0, overhead + length);
            socket.release();
        }
    }

    private static byte[] fileHeader() {
        ByteBuffer header = ByteBuffer.allocate(PcapReader.FILE_HEADER_LENGTH);
        header.order(ByteOrder.LITTLE_ENDIAN).putInt(PcapReader.MAGIC_NANOSECONDS);
        header.putShort((short) 2).putShort((short) 4).putLong(0);
        header.putInt(SLL2_LENGTH + PacketSocket.CAPTURED_LENGTH_MAX);
        return header.putInt(PcapReader.LINK_LINUX_SLL2).array();
    }

    Path file() {
        return file;
    }

    /**
     * Ends it; the file is whole then.
     *
     * @return packets for which there was no room
     */
    long stop() throws IOException {
        isRunning = false;
        await(thread::join);
        return dropped;
    }

    /** Ends it soon. */
    void abandon() {
        isRunning = false;
    }

    private void await(Waiting waiting) throws IOException {
        try {
            waiting.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (failure != null) throw new IOException("capture: " + failure.getMessage(), failure);
    }

    private interface Waiting {
        void await() throws InterruptedException;
    }
}
