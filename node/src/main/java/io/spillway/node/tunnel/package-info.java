/**
 * Keeps tunnels up, the same at sites and PoPs: handshakes, probes, new keys before the old ones
 * end.
 */
package io.spillway.node.tunnel;
