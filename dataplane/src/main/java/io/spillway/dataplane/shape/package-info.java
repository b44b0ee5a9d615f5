/**
 * What waits for a WAN link whose bandwidth is known: the link's rate, classes, and fair queues
 * with controlled delay. Comes before the tunnels' sealer, and only where a bandwidth is
 * configured.
 */
package io.spillway.dataplane.shape;
