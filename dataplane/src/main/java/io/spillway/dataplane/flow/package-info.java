/** Conversations seen lately, and the tunnel each last arrived by. */
package io.spillway.dataplane.flow;
