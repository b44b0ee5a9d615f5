/**
 * Whether recovery would work if the cloud went now, and what stands in the way where it would not.
 */
package io.spillway.control.readiness;
