package io.spillway.routing.mrt;

import io.spillway.routing.fib.Prefix;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what a file holds. Not thread safe. */
public final class MrtSummary implements MrtListener {
    /** Different sets of attributes, by their bytes. */
    private final Set<Attributes> attributeSets = new HashSet<>();

    private final long[] ipv4Lengths = new long[Prefix.IPV4_LENGTH_MAX + 1];
    private final long[] ipv6Lengths = new long[Prefix.IPV6_LENGTH_MAX + 1];
    private long paths;
    private List<MrtPeer> peers = List.of();

    private record Attributes(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Attributes it && Arrays.equals(bytes, it.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    @Override
    public void onPeers(List<MrtPeer> told) {
        peers = told;
    }

    @Override
    public void onRoute(Prefix prefix, List<MrtPath> told) {
        (prefix.isIpv4() ? ipv4Lengths : ipv6Lengths)[prefix.length()]++;
        paths += told.size();
        told.forEach(path -> attributeSets.add(new Attributes(path.attributes())));
    }

    public List<MrtPeer> peers() {
        return peers;
    }

    public long paths() {
        return paths;
    }

    public int attributeSets() {
        return attributeSets.size();
    }

    /** Prefixes of one family, by their length; a copy. */
    public long[] lengths(boolean isIpv4) {
        return (isIpv4 ? ipv4Lengths : ipv6Lengths).clone();
    }

    public long prefixes(boolean isIpv4) {
        return Arrays.stream(lengths(isIpv4)).sum();
    }
}
