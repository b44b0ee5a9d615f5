package io.spillway.tap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** Few settings of one interface in this thread's network namespace, by ioctl. */
public final class NetworkDevice {
    // include/uapi/linux/sockios.h
    private static final long SIOCGIFFLAGS = 0x8913L;
    private static final long SIOCSIFFLAGS = 0x8914L;
    private static final long SIOCGIFMTU = 0x8921L;
    private static final long SIOCSIFMTU = 0x8922L;
    private static final long SIOCGIFINDEX = 0x8933L;
    private static final long SIOCBRADDIF = 0x89a2L;
    private static final int IFF_UP = 1;

    /**
     * Fields behind the colon of a line of /proc/net/dev: 8 of reception, then those of sending.
     */
    private static final int TRANSMIT_DROPPED_FIELD = 11;

    private NetworkDevice() {}

    public static int index(String device) throws LinuxException {
        return get(device, SIOCGIFINDEX, "SIOCGIFINDEX ");
    }

    public static int mtu(String device) throws LinuxException {
        return get(device, SIOCGIFMTU, "SIOCGIFMTU ");
    }

    public static void setMtu(String device, int mtu) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            InterfaceRequest request = new InterfaceRequest(arena, device);
            request.putInt(mtu);
            perform(request, SIOCSIFMTU, "SIOCSIFMTU " + device + " " + mtu);
        }
    }

    public static void setUp(String device) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            InterfaceRequest request = new InterfaceRequest(arena, device);
            perform(request, SIOCGIFFLAGS, "SIOCGIFFLAGS " + device);
            request.putShort(request.getShort() | IFF_UP);
            perform(request, SIOCSIFFLAGS, "SIOCSIFFLAGS " + device);
        }
    }

    /** Makes the device a port of the bridge; it leaves no other bridge for that (EBUSY). */
    public static void attachToBridge(String device, String bridge) throws LinuxException {
        int index = index(device);
        try (Arena arena = Arena.ofConfined()) {
            InterfaceRequest request = new InterfaceRequest(arena, bridge);
            request.putInt(index);
            perform(request, SIOCBRADDIF, "SIOCBRADDIF " + bridge + " " + device);
        }
    }

    /**
     * Packets the kernel dropped because they could not be handed to the device; for a TAP: because
     * its queue was full, so we did not read fast enough.
     */
    public static long transmitDropped(String device) throws IOException {
        // Not /proc/net, which shows the namespace of the process's first thread.
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
            int colon = line.lastIndexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(device)) {
                String[] fields = line.substring(colon + 1).strip().split("\\s+");
                return Long.parseUnsignedLong(fields[TRANSMIT_DROPPED_FIELD]);
            }
        }
        throw new LinuxException("counters of " + device, Errno.ENODEV);
    }

    private static int get(String device, long ioctl, String operation) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            InterfaceRequest request = new InterfaceRequest(arena, device);
            perform(request, ioctl, operation + device);
            return request.getInt();
        }
    }

    /** These ioctls work on any socket; the one used lives as long as the call. */
    private static void perform(InterfaceRequest request, long ioctl, String operation)
            throws LinuxException {
        LinuxCalls calls = new LinuxCalls();
        int fd = calls.socket(SocketOptions.AF_INET, SocketOptions.SOCK_DGRAM, 0);
        LinuxException.check(fd, "socket for " + operation);
        try {
            LinuxException.check(calls.ioctl(fd, ioctl, request.address()), operation);
        } finally {
            calls.close(fd);
        }
    }
}
