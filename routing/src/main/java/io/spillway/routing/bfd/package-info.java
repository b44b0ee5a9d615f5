/**
 * Bidirectional Forwarding Detection without I/O (RFC 5880): packets and time in, packets and state
 * changes out. Asynchronous mode, no echo, no authentication.
 */
package io.spillway.routing.bfd;
