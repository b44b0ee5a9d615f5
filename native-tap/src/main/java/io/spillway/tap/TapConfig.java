package io.spillway.tap;

import java.nio.charset.StandardCharsets;

/**
 * What {@link TapDevice#open} is to make.
 *
 * @param name interface name, 1 to 15 bytes; {@code "tap%d"} lets the kernel choose the number.
 * @param offloads wanted OFFLOAD_ bits; need the vnet header.
 * @param multiQueue whether further queues of the same device may be opened, by the same config.
 */
public record TapConfig(
        String name, Layer layer, boolean vnetHeader, int offloads, boolean multiQueue) {
    // include/uapi/linux/if_tun.h, TUN_F_*
    /** Checksums may be partial in both directions. */
    public static final int OFFLOAD_CHECKSUM = 0x01;

    public static final int OFFLOAD_TSO4 = 0x02;
    public static final int OFFLOAD_TSO6 = 0x04;

    /** UDP segmentation, kernels from 6.2 on. */
    public static final int OFFLOAD_USO4 = 0x20;

    public static final int OFFLOAD_USO6 = 0x40;
    public static final int OFFLOAD_ALL =
            OFFLOAD_CHECKSUM | OFFLOAD_TSO4 | OFFLOAD_TSO6 | OFFLOAD_USO4 | OFFLOAD_USO6;

    /** IFNAMSIZ without the terminating zero. */
    static final int NAME_LENGTH_MAX = 15;

    public TapConfig {
        checkName(name);
        check(layer != null, "layer missing");
        check((offloads & ~OFFLOAD_ALL) == 0, "unknown offloads 0x" + hex(offloads));
        check(vnetHeader || offloads == 0, "offloads 0x" + hex(offloads) + " need the vnet header");
        check(
                offloads == 0 || (offloads & OFFLOAD_CHECKSUM) != 0,
                "offloads 0x" + hex(offloads) + " need the checksum offload");
    }

    /** Refuses what the kernel would refuse or, worse, cut off. */
    static void checkName(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        check(length > 0, "device name is empty");
        check(
                length <= NAME_LENGTH_MAX,
                "device name %s is %d bytes long, at most %d are possible"
                        .formatted(name, length, NAME_LENGTH_MAX));
        boolean plain = name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '/' && c != ':');
        check(
                plain,
                "device name '" + name + "' holds a character that no interface name may have");
        check(!name.equals(".") && !name.equals(".."), "device name " + name + " is not possible");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private static String hex(int value) {
        return Integer.toHexString(value);
    }
}
