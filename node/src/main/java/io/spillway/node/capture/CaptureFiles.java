package io.spillway.node.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A capture in files that follow each other, of which the last ones are kept: a capture may run for
 * days, and what happened an hour ago is there. Each file is whole by itself.
 *
 * <pre>
 *   berlin.pcapng: berlin-00001.pcapng, berlin-00002.pcapng, ...
 * </pre>
 */
public final class CaptureFiles implements CaptureTarget {
    private final Path name;
    private final long lengthMax;
    private final int countMax;
    private final Deque<Path> kept = new ArrayDeque<>();
    private ByteBuffer head; // what every file begins with; null: nothing came yet
    private CaptureFile current;
    private int number;
    private long packetsBefore;
    private long bytesBefore;

    /**
     * @param lengthMax bytes after which the next file begins
     * @param countMax files that are kept
     */
    public CaptureFiles(Path name, long lengthMax, int countMax) {
        this.name = name;
        this.lengthMax = lengthMax;
        this.countMax = countMax;
    }

    @Override
    public void write(ByteBuffer blocks, int packets) throws IOException {
        if (head == null) {
            head = ByteBuffer.allocate(blocks.remaining()).put(blocks).flip();
            next();
            return;
        }
        boolean isFull = current.bytes() + blocks.remaining() > lengthMax;
        if (isFull && current.packets() > 0) {
            next();
        }
        current.write(blocks, packets);
    }

    private void next() throws IOException {
        close();
        while (kept.size() >= countMax) {
            Files.deleteIfExists(kept.removeFirst());
        }
        number++;
        Path file = numbered();
        current = CaptureFile.open(file);
        kept.addLast(file);
        current.write(head.duplicate(), 0);
    }

    private Path numbered() {
        String plain = name.getFileName().toString();
        int dot = plain.lastIndexOf('.');
        String stem = dot < 0 ? plain : plain.substring(0, dot);
        String ending = dot < 0 ? "" : plain.substring(dot);
        return name.resolveSibling(String.format("%s-%05d%s", stem, number, ending));
    }

    /** Those of files that are gone too. */
    @Override
    public long packets() {
        return packetsBefore + (current == null ? 0 : current.packets());
    }

    @Override
    public long bytes() {
        return bytesBefore + (current == null ? 0 : current.bytes());
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            packetsBefore += current.packets();
            bytesBefore += current.bytes();
            current.close();
            current = null;
        }
    }
}
