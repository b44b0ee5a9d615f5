/**
 * The DTLS 1.2 handshake, which is Bouncy Castle's, on a virtual thread each; and the take-over of
 * its traffic keys.
 *
 * <p>Start with {@link io.spillway.crypto.handshake.Handshake}. The sequence numbers are divided:
 * Bouncy Castle owns those below {@link io.spillway.crypto.record.RecordSealer#FIRST_SEQUENCE}.
 */
package io.spillway.crypto.handshake;
