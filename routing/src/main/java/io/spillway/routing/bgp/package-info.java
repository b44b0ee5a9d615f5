/**
 * BGP-4 without I/O: bytes and time in, actions out.
 *
 * <p>{@link io.spillway.routing.bgp.BgpSpeaker} is the whole of it: a {@link
 * io.spillway.routing.bgp.BgpSession} for each neighbour and one {@link
 * io.spillway.routing.bgp.RouteTable}. Built for a million prefixes: a path is fourteen bytes of
 * parallel arrays, and its attributes are shared by all paths that have the same.
 */
package io.spillway.routing.bgp;
