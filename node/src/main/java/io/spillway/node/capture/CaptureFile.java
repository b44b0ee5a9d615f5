package io.spillway.node.capture;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where a capture goes: a file, of mode 0600 when it is new, or the standard output. A file ends
 * with a whole block, also on a full disk.
 */
public final class CaptureFile implements CaptureTarget {
    private static final Set<StandardOpenOption> ANEW =
            Set.of(
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);

    private final FileChannel channel;
    private final boolean isFile;
    private long packets;
    private long bytes;

    private CaptureFile(FileChannel channel, boolean isFile) {
        this.channel = channel;
        this.isFile = isFile;
    }

    public static CaptureFile open(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        ANEW,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        return new CaptureFile(channel, true);
    }

    /** Not buffered: who reads along sees packets as they come. */
    public static CaptureFile standardOutput() {
        return new CaptureFile(new FileOutputStream(FileDescriptor.out).getChannel(), false);
    }

    @Override
    public void write(ByteBuffer block, int packetCount) throws IOException {
        int length = block.remaining();
        try {
            while (block.hasRemaining()) {
                channel.write(block);
            }
        } catch (IOException e) {
            cutOff(e);
            throw e;
        }
        bytes += length;
        packets += packetCount;
    }

    /** What was written of a block that did not fit. */
    private void cutOff(IOException why) {
        try {
            if (isFile) {
                channel.truncate(bytes);
            }
        } catch (IOException e) {
            why.addSuppressed(e); // a device, which has no end to be cut off
        }
    }

    @Override
    public long packets() {
        return packets;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        if (isFile) {
            channel.close();
        }
    }
}
