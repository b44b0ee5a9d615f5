/**
 * The firewall's step on the way. It finds each packet's flow; without a policy every flow is
 * allowed.
 */
package io.spillway.dataplane.firewall;
