/**
 * Finding a way through NAT: what address a link has outside, and which pair of addresses lets two
 * sites talk. No sockets, no threads: datagrams and time in, datagrams out.
 */
package io.spillway.control.punch;
