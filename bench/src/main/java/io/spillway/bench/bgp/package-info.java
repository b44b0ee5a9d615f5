/** A full table through a BGP speaker, ours and others: how long it takes, and what it holds. */
package io.spillway.bench.bgp;
