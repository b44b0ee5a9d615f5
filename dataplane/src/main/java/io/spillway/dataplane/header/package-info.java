/**
 * Headers as views of bytes, and the small protocols that only need bytes: ARP, neighbour
 * discovery, ICMP errors, fragmentation, checksums.
 */
package io.spillway.dataplane.header;
