package io.spillway.tap;

/**
 * A port that carries whole frames (TAP) or packets (TUN), one per call. Never blocks.
 *
 * <p>Owned by one thread at a time. Memory at the given addresses stays the caller's. With a {@link
 * VirtioNetHeader} every frame read or written starts with one.
 */
public interface FrameDevice extends AutoCloseable {
    /** For the event loop; -1 when simulated. */
    int fd();

    /**
     * Reads one frame, cut off at {@code length}.
     *
     * @return bytes read, vnet header included; or -errno: -EAGAIN when there is none, -EBADFD when
     *     the device was removed.
     */
    int read(long address, int length);

    /**
     * Writes one frame, the pieces in their order.
     *
     * @return bytes written, vnet header included; or -errno: -EIO while the interface is down,
     *     -EINVAL when the frame or its vnet header makes no sense to the kernel.
     */
    int write(Gather frame);

    boolean hasVnetHeader();

    /**
     * The TUN_F_ offloads in force ({@link TapConfig}); what was wanted but is missing was refused.
     */
    int offloads();

    String name();

    @Override
    void close();
}
