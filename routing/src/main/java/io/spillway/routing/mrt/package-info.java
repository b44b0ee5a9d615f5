/**
 * Files of routes as collectors write them: MRT, TABLE_DUMP_V2 (RFC 6396 section 4.3), IPv4 and
 * IPv6 unicast. For tests, benchmarks and exchange with other tools.
 */
package io.spillway.routing.mrt;
