/**
 * Packets of one flow that walk as one: cut where a record or a port takes single packets, coupled
 * where a port takes super-frames.
 */
package io.spillway.dataplane.segment;
