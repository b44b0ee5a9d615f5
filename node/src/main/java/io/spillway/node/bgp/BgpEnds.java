package io.spillway.node.bgp;

import java.net.InetAddress;

/**
 * Between which addresses BGP is spoken with a neighbour, and how. Immutable.
 *
 * @param local our gateway in the neighbour's network
 * @param password of TCP MD5 (RFC 2385), 1 to 80 bytes; null: none
 * @param isExternal the neighbour is of another AS
 * @param isTtlSecured nothing is heard but from one hop away (RFC 5082)
 */
public record BgpEnds(
        InetAddress remote,
        InetAddress local,
        byte[] password,
        boolean isExternal,
        boolean isTtlSecured) {}
