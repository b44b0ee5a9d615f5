/**
 * DTLS records on off-heap memory: sealed and opened with one foreign call each, nothing allocated.
 *
 * <p>Start with {@link io.spillway.crypto.record.RecordHeader}, which draws a record.
 */
package io.spillway.crypto.record;
