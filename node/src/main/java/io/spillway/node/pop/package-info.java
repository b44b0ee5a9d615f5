/**
 * A point of presence. Start with {@link io.spillway.node.pop.PopNode}, which wires it, then {@code
 * PopControl}, which decides.
 */
package io.spillway.node.pop;
