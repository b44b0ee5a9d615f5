/**
 * Packet bytes off-heap, and what hands them on: slots, batches, rings. A slot has one owner at a
 * time.
 */
package io.spillway.dataplane.buffer;
