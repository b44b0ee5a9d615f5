package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;

/**
 * Says why packets cannot be given to a next hop, for people; empty: they can. Such a path is kept
 * and shown, but neither used nor told; the session is none the worse for it. The answer must stay
 * the same.
 */
@FunctionalInterface
public interface NextHopCheck {
    String fault(IpAddress nextHop);
}
