package io.spillway.dataplane.firewall;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.sim.PrivateNetwork;
import io.spillway.tap.Gather;
import io.spillway.tap.Layer;
import io.spillway.tap.TapConfig;
import io.spillway.tap.TapDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The kernel of this thread's namespace as a router between the networks of {@link RandomTraffic},
 * each a TUN device of ours, with a table of nftables in between. A packet is known again by its
 * identification, of IPv6 by the flow's label.
 */
final class KernelForwarder implements AutoCloseable {
    private static final int LENGTH_MAX = 2048;
    private static final int LABEL_MASK = 0xF_FFFF;
    private static final List<String> SYSCTLS =
            List.of(
                    "net/ipv4/ip_forward=1",
                    "net/ipv6/conf/all/forwarding=1",
                    "net/ipv4/conf/all/rp_filter=0",
                    "net/ipv4/conf/all/send_redirects=0");

    /** Checksums and sequence numbers are no part of a policy. */
    private static final List<String> TRACKING =
            List.of(
                    "net/netfilter/nf_conntrack_checksum=0",
                    "net/netfilter/nf_conntrack_tcp_be_liberal=1");

    private final List<TapDevice> devices = new ArrayList<>();
    private final UnsafeBuffer buffer =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH_MAX, Long.BYTES));
    private final Set<Integer> seen = new HashSet<>();

    KernelForwarder(Path directory, String table) throws Exception {
        StringBuilder addresses = new StringBuilder();
        for (int network = 0; network < RandomTraffic.NETWORKS; network++) {
            String name = device(network);
            devices.add(TapDevice.open(new TapConfig(name, Layer.IP, false, 0, false)));
            addresses.append("link set %s up\n".formatted(name));
            addresses.append("addr add 10.1.%d.1/24 dev %s\n".formatted(network, name));
            addresses.append("addr add fd00:1:0:%d::1/64 dev %s nodad\n".formatted(network, name));
        }
        set(SYSCTLS);
        Path batch = Files.writeString(directory.resolve("addresses"), addresses);
        PrivateNetwork.run("ip -batch " + batch);
        Path rules = Files.writeString(directory.resolve("rules.nft"), table);
        PrivateNetwork.run("nft -f " + rules);
        set(TRACKING);
    }

    static String device(int network) {
        return "net" + network;
    }

    private static void set(List<String> values) throws IOException {
        for (String value : values) {
            String[] parts = value.split("=");
            Files.writeString(Path.of("/proc/sys").resolve(parts[0]), parts[1]);
        }
    }

    /** The kernel hands it on at once, if it does. */
    void send(int network, byte[] packet) {
        buffer.putBytes(0, packet);
        int written = devices.get(network).write(Gather.of(buffer.addressOffset(), packet.length));
        if (written != packet.length) {
            throw new AssertionError("write: " + written);
        }
        for (TapDevice device : devices) {
            int length = device.read(buffer.addressOffset(), LENGTH_MAX);
            while (length > 0) {
                seen.add(identification());
                length = device.read(buffer.addressOffset(), LENGTH_MAX);
            }
        }
    }

    private int identification() {
        int first = buffer.getInt(0, BIG_ENDIAN);
        return first >>> 28 == 4 ? buffer.getShort(4, BIG_ENDIAN) & 0xFFFF : first & LABEL_MASK;
    }

    /** Whether it ever came out again. */
    boolean hasPassed(PlainPacket packet) {
        return seen.contains(packet.identification());
    }

    @Override
    public void close() {
        devices.forEach(TapDevice::close);
    }
}
