package io.spillway.routing.fib;

/** Lookups by address object. */
public final class Lookups {
    private Lookups() {}

    public static NextHop hop(Fib fib, IpAddress address) {
        return fib.nextHop(id(fib, address));
    }

    static int id(Fib fib, IpAddress address) {
        return address.isIpv4()
                ? fib.lookup4(address.toIpv4())
                : fib.lookup6(address.high(), address.low());
    }
}
