/**
 * Whether the cloud lives, and what carries the traffic of each peer when it does not.
 *
 * <p>Start with {@link io.spillway.control.recovery.RecoveryState}, whose table is the product,
 * then {@link io.spillway.control.recovery.RecoveryMachine} and {@link
 * io.spillway.control.recovery.Liveness}. No sockets, no threads, no clock: time comes in.
 */
package io.spillway.control.recovery;
