/**
 * The kernel's doors: TAP and TUN devices, UDP sockets with segmentation offload, route netlink,
 * the host port. Everything goes through {@link io.spillway.tap.LinuxCalls}, by the
 * foreign-function API.
 *
 * <p>Calls on the packet's way return a count or a negated errno and allocate nothing; opening and
 * configuring throws {@link io.spillway.tap.LinuxException}, whose message names call, subject and
 * errno.
 */
package io.spillway.tap;
