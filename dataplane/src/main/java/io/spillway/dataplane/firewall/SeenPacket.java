package io.spillway.dataplane.firewall;

import io.spillway.routing.fib.IpAddress;

/**
 * A packet that a rule decided about, for people. Immutable.
 *
 * @param sourcePort of ICMP the identifier, as the destination's; 0 where there is none
 */
public record SeenPacket(
        IpAddress source,
        int sourcePort,
        IpAddress destination,
        int destinationPort,
        int protocol) {}
