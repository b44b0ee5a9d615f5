/** What is compared: the wires, the tunnels of others and our own. */
package io.spillway.bench.tunnel.contender;
