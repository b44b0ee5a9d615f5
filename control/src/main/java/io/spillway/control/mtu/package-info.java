/**
 * How large a packet each tunnel's path carries (RFC 8899).
 *
 * <p>Start with {@link io.spillway.control.mtu.PathMtu}. No sockets, no threads, no clock: time and
 * answers come in, sizes of probes go out.
 */
package io.spillway.control.mtu;
