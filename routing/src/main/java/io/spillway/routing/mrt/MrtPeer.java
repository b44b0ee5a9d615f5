package io.spillway.routing.mrt;

import io.spillway.routing.fib.IpAddress;

/**
 * One line of a file's peer index table (RFC 6396 section 4.3.1).
 *
 * @param bgpId 32 bits
 * @param as unsigned 32 bits
 */
public record MrtPeer(int bgpId, IpAddress address, long as) {}
