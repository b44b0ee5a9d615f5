/**
 * What a daemon tells Prometheus of itself: figures by name, how they are written, who is answered.
 */
package io.spillway.node.metrics;
