/** {@code spillway bench tunnel}: our tunnel beside plain forwarding and the tunnels of others. */
package io.spillway.bench.tunnel;
