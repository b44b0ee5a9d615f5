/** Prefixes, next hops, and the lookup of the longest prefix. */
package io.spillway.routing.fib;
