package io.spillway.node.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Captures the Internet around each cut and each return, not in the throughput bursts, where it
 * would eat the cores.
 *
 * <p>Every packet is there twice, as it came in and as it went out: what was dropped in between is
 * in clear sight too.
 */
final class InternetCapture implements AutoCloseable {
    private final LabNetwork network;
    private final Path directory;
    private final Marker marker;
    private final boolean isKept;
    private final CaptureCheck check = new CaptureCheck();
    private final List<Path> kept = new ArrayList<>();
    private int parts;
    private long dropped;
    private PacketCapture running;

    /**
     * @param isKept whether the parts are kept for {@link #writeTo}
     */
    InternetCapture(LabNetwork network, Path directory, Marker marker, boolean isKept) {
        this.network = network;
        this.directory = directory;
        this.marker = marker;
        this.isKept = isKept;
    }

    void start() throws IOException {
        Path file = directory.resolve("internet-" + parts++ + ".pcap");
        running =
                PacketCapture.start(network.namespacePath(LabSite.INTERNET_NAMESPACE), null, file);
    }

    /** Ends this part and looks through it. */
    void stop() throws IOException {
        dropped += running.stop();
        Path file = running.file();
        running = null;
        check.add(file, marker);
        if (isKept) {
            kept.add(file);
        } else {
            Files.delete(file);
        }
    }

    CaptureCheck check() {
        return check;
    }

    /** Packets the kernel had no room to hand over. */
    long dropped() {
        return dropped;
    }

    /** The parts up to now. */
    List<Path> kept() {
        return List.copyOf(kept);
    }

    /** All parts as one file: their records one after the other below one header. */
    void writeTo(Path target) throws IOException {
        try (OutputStream output = Files.newOutputStream(target)) {
            for (int i = 0; i < kept.size(); i++) {
                append(kept.get(i), i == 0 ? 0 : PcapReader.FILE_HEADER_LENGTH, output);
            }
        }
    }

    private static void append(Path part, int from, OutputStream output) throws IOException {
        try (FileChannel input = FileChannel.open(part, StandardOpenOption.READ)) {
            Channels.newInputStream(input.position(from)).transferTo(output);
        }
    }

    @Override
    public void close() {
        if (running != null) running.abandon();
    }
}
