package io.spillway.tap;

import java.lang.foreign.Arena;
import java.util.function.IntUnaryOperator;

/**
 * A TAP or TUN device of this thread's network namespace (fixed when it is opened), or one queue of
 * it. It disappears with its last descriptor, so a crash leaves nothing behind.
 *
 * <p>Owned by one thread at a time. {@link #read} and {@link #write} allocate nothing.
 */
public final class TapDevice implements FrameDevice {
    private static final String CLONE_DEVICE = "/dev/net/tun";

    // include/uapi/linux/if_tun.h
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_TAP = 0x0002;
    private static final int IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private static final int SEGMENTATION =
            TapConfig.OFFLOAD_TSO4
                    | TapConfig.OFFLOAD_TSO6
                    | TapConfig.OFFLOAD_USO4
                    | TapConfig.OFFLOAD_USO6;
    private static final int UDP_SEGMENTATION = TapConfig.OFFLOAD_USO4 | TapConfig.OFFLOAD_USO6;

    private final LinuxCalls calls;
    private final int fd;
    private final String name;
    private final boolean hasVnetHeader;
    private final int offloads;
    private boolean closed;

    private TapDevice(LinuxCalls calls, int fd, TapConfig config) throws LinuxException {
        this.calls = calls;
        this.fd = fd;
        this.name = attach(config);
        this.hasVnetHeader = config.vnetHeader();
        if (hasVnetHeader) {
            setVnetHeaderLength();
        }
        this.offloads =
                config.offloads() == 0 ? 0 : negotiate(this::setOffloads, config.offloads());
    }

    /**
     * Creates the device, or takes it over when it exists without a user. It is still down: {@link
     * NetworkDevice#setUp}.
     */
    public static TapDevice open(TapConfig config) throws LinuxException {
        LinuxCalls calls = new LinuxCalls();
        int fd = calls.open(CLONE_DEVICE, LinuxCalls.O_RDWR | LinuxCalls.O_NONBLOCK);
        if (fd < 0) {
            throw new LinuxException("open " + CLONE_DEVICE, -fd, whyNotOpened(-fd));
        }
        try {
            return new TapDevice(calls, fd, config);
        } catch (LinuxException e) {
            calls.close(fd);
            throw e;
        }
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int read(long address, int length) {
        return calls.read(fd, address, length);
    }

    @Override
    public int write(Gather frame) {
        return calls.writev(fd, frame.address(), frame.count());
    }

    @Override
    public boolean hasVnetHeader() {
        return hasVnetHeader;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    /** As the kernel gave it, so without {@code %d}. */
    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close(fd);
        }
    }

    private String attach(TapConfig config) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            InterfaceRequest request = new InterfaceRequest(arena, config.name());
            request.putShort(flags(config));
            int result = calls.ioctl(fd, TUNSETIFF, request.address());
            if (result < 0) {
                throw new LinuxException(
                        "TUNSETIFF " + config.name(), -result, whyNotAttached(-result));
            }
            return request.name();
        }
    }

    private void setVnetHeaderLength() throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long length = arena.allocate(Integer.BYTES, Integer.BYTES).address();
            Memory.putInt(length, VirtioNetHeader.LENGTH);
            LinuxException.check(
                    calls.ioctl(fd, TUNSETVNETHDRSZ, length), "TUNSETVNETHDRSZ " + name);
        }
    }

    private int setOffloads(int wanted) {
        return calls.ioctl(fd, TUNSETOFFLOAD, wanted);
    }

    /**
     * Asks for less and less until the kernel agrees: all, then without UDP segmentation (before
     * 6.2), then checksums alone.
     *
     * @param kernel gets the offloads, returns 0 or -errno.
     * @return the offloads granted, 0 when every request was refused.
     */
    static int negotiate(IntUnaryOperator kernel, int wanted) {
        int withoutUdp = wanted & ~UDP_SEGMENTATION;
        int checksumOnly = wanted & ~SEGMENTATION;
        if (kernel.applyAsInt(wanted) == 0) {
            return wanted;
        }
        if (withoutUdp != wanted && kernel.applyAsInt(withoutUdp) == 0) {
            return withoutUdp;
        }
        if (checksumOnly != withoutUdp && kernel.applyAsInt(checksumOnly) == 0) {
            return checksumOnly;
        }
        return 0;
    }

    private static int flags(TapConfig config) {
        return (config.layer() == Layer.ETHERNET ? IFF_TAP : IFF_TUN)
                | IFF_NO_PI
                | (config.vnetHeader() ? IFF_VNET_HDR : 0)
                | (config.multiQueue() ? IFF_MULTI_QUEUE : 0);
    }

    static String whyNotOpened(int errno) {
        return switch (errno) {
            case Errno.ENOENT ->
                    "the device node is missing: load the kernel module tun, or pass"
                            + " the device into the container";
            case Errno.ENODEV, Errno.ENXIO -> "this kernel has no tun driver";
            case Errno.EACCES, Errno.EPERM -> "no right to open it: run as root or give access";
            default -> Errno.describe(errno);
        };
    }

    static String whyNotAttached(int errno) {
        return switch (errno) {
            case Errno.EBUSY -> "device in use by another process";
            case Errno.EPERM -> "the capability CAP_NET_ADMIN is missing";
            case Errno.EINVAL -> "an interface of this name and of another kind exists";
            default -> Errno.describe(errno);
        };
    }
}
