package io.spillway.node.bfd;

import io.spillway.routing.bfd.BfdConfig;
import java.net.InetAddress;

/**
 * Between which addresses a session runs.
 *
 * @param local our gateway in the neighbour's network; all our packets have it as their source
 * @param remote of the family of {@code local}; the address of {@code session}
 * @param isMultihop routers lie between (RFC 5883); else packets that have passed one are dropped
 */
public record BfdNeighbour(
        BfdConfig session, InetAddress local, InetAddress remote, boolean isMultihop) {}
