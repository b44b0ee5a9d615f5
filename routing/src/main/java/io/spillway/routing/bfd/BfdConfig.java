package io.spillway.routing.bfd;

import io.spillway.routing.fib.IpAddress;

/**
 * What a session is to be. Immutable.
 *
 * @param address of the neighbour
 * @param isPassive says nothing until it hears something (section 6.1)
 * @param minTxUs how often to send at most, microseconds
 * @param minRxUs how often the neighbour may send, microseconds
 * @param multiplier how many packets the neighbour may miss
 */
public record BfdConfig(
        IpAddress address, boolean isPassive, long minTxUs, long minRxUs, int multiplier) {}
