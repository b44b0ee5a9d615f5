/**
 * What one site forwards in recovery, beside what the reference appliances are sold for: {@link
 * io.spillway.bench.appliance.AppliancesCommand}.
 */
package io.spillway.bench.appliance;
