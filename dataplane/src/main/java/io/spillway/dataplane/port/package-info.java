/**
 * LAN ports and the host port: frames in and out, and being the gateway of a LAN (ARP, neighbour
 * discovery, router advertisements).
 */
package io.spillway.dataplane.port;
