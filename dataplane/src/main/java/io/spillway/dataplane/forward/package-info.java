/**
 * Where a packet goes: exits, tunnels, sessions, and the steps that seal, open and guard.
 *
 * <p>{@link io.spillway.dataplane.forward.Forwarding} is the immutable state that control
 * publishes; {@link io.spillway.dataplane.forward.Router} reads it for each packet.
 */
package io.spillway.dataplane.forward;
