package io.spillway.tap;

import java.net.InetAddress;

/**
 * An IP address of an interface.
 *
 * @param isUsable false while duplicate address detection runs or when it has failed: binding to it
 *     gives EADDRNOTAVAIL.
 */
public record LinkAddress(int linkIndex, InetAddress address, int prefixLength, boolean isUsable) {}
