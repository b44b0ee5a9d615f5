/**
 * The thread that turns the path, its mailbox from control, and its news to control.
 *
 * <p>{@link io.spillway.dataplane.agent.DataPlane} wires everything, {@link
 * io.spillway.dataplane.agent.DataPlaneAgent} is one turn of it.
 */
package io.spillway.dataplane.agent;
