/** Traffic of the benchmark's hosts: UDP at a rate, UDP round trips, TCP by iperf3. */
package io.spillway.bench.tunnel.load;
