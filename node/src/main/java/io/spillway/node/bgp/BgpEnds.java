package io.spillway.node.bgp;

import java.net.InetAddress;

/**
 * Between which addresses BGP is spoken with a neighbour, and how. Immutable.
 *
 * @param local our gateway in the neighbour's network, or in that of the router on the way there
 * @param password of TCP MD5 (RFC 2385), 1 to 80 bytes; null: none
 * @param isExternal the neighbour is of another AS
 * @param hops how far away the neighbour is at most, from 1 on
 * @param isTtlSecured nothing is heard from farther away (RFC 5082)
 */
public record BgpEnds(
        InetAddress remote,
        InetAddress local,
        byte[] password,
        boolean isExternal,
        int hops,
        boolean isTtlSecured) {}
