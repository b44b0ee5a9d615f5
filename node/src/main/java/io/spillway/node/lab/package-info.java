/**
 * The lab: a whole network in namespaces of this machine, whose PoP is cut off under real traffic.
 *
 * <p>Start with {@link io.spillway.node.lab.LabCommand}.
 */
package io.spillway.node.lab;
