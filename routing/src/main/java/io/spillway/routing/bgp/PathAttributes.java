package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;
import java.util.Arrays;

/**
 * The attributes that many paths share; equal sets are one object of an {@link AttributeTable}.
 * What is said of a route is immutable.
 *
 * <p>The body is kept as it is sent on: the AS_PATH's segments with four octets an AS, then the
 * other attributes that pass through us, header and all.
 */
public final class PathAttributes {
    static final long ABSENT = -1;

    final byte[] body;
    final int asPathLength;
    final int hash;
    final int origin;
    final long med;
    final long localPref;
    final boolean isNextHopIpv4;
    final long nextHopHigh;
    final long nextHopLow;

    /** Of the path, an AS_SET counting as one. */
    final int hops;

    /** The leftmost AS, which told us; 0 for an empty path. */
    final long neighbourAs;

    final boolean isNotExported;
    final boolean isNotAdvertised;

    /** See {@link SiteOfOrigin}. */
    final boolean isFromSite;

    /** What {@link NextHopCheck} says of the next hop. */
    final String fault;

    /** Index in the table, and how many paths have this; the table's to change. */
    int id;

    int references;

    PathAttributes(AttributeScratch scratch, int hash, NextHopCheck nextHops) {
        body = Arrays.copyOf(scratch.body, scratch.bodyLength);
        asPathLength = scratch.asPathLength;
        this.hash = hash;
        origin = scratch.origin;
        med = scratch.med;
        localPref = scratch.localPref;
        isNextHopIpv4 = scratch.isNextHopIpv4;
        nextHopHigh = scratch.nextHopHigh;
        nextHopLow = scratch.nextHopLow;
        hops = scratch.hops;
        neighbourAs = scratch.neighbourAs;
        isNotExported = scratch.isNotExported;
        isNotAdvertised = scratch.isNotAdvertised;
        isFromSite = scratch.isFromSite;
        boolean hasNextHop = (nextHopHigh | nextHopLow) != 0; // ours have none
        fault = hasNextHop ? nextHops.fault(nextHop()) : "";
    }

    boolean equalsScratch(AttributeScratch scratch) {
        return origin == scratch.origin
                && med == scratch.med
                && localPref == scratch.localPref
                && isNextHopIpv4 == scratch.isNextHopIpv4
                && nextHopHigh == scratch.nextHopHigh
                && nextHopLow == scratch.nextHopLow
                && asPathLength == scratch.asPathLength
                && Arrays.equals(body, 0, body.length, scratch.body, 0, scratch.bodyLength);
    }

    public IpAddress nextHop() {
        return new IpAddress(isNextHopIpv4, nextHopHigh, nextHopLow);
    }

    /** As people write it, AS_SETs in braces; empty for a path of no AS. */
    public String asPath() {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < asPathLength; ) {
            boolean isSet = Wire.u8(body, at) == AttributeType.AS_SET;
            int count = Wire.u8(body, at + 1);
            text.append(text.isEmpty() ? "" : " ").append(isSet ? "{" : "");
            for (int i = 0; i < count; i++) {
                text.append(i == 0 ? "" : isSet ? "," : " ").append(Wire.u32(body, at + 2 + 4 * i));
            }
            text.append(isSet ? "}" : "");
            at += 2 + 4 * count;
        }
        return text.toString();
    }

    boolean isUsable() {
        return fault.isEmpty();
    }

    long metric() {
        return Math.max(med, 0);
    }

    /** RFC 4271 section 5.1.5: 100 where the other side does not say. */
    long preference() {
        return localPref == ABSENT ? 100 : localPref;
    }
}
