/** Measurements. Imports everything, nothing imports it. */
package io.spillway.bench;
