/**
 * The agents that turn the path, their threads, their mailboxes from control, their news to
 * control.
 *
 * <p>{@link io.spillway.dataplane.agent.DataPlaneWiring} makes them, one or several ({@link
 * io.spillway.dataplane.agent.ThreadingMode}), of the two sides {@link
 * io.spillway.dataplane.agent.LanSide} and {@link io.spillway.dataplane.agent.WanSide}. One turn is
 * {@code doWork} of {@link io.spillway.dataplane.agent.DataPlaneAgent}, {@link
 * io.spillway.dataplane.agent.LanAgent}, {@link io.spillway.dataplane.agent.WanAgent}, {@link
 * io.spillway.dataplane.agent.PortAgent}.
 */
package io.spillway.dataplane.agent;
