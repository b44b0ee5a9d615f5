/**
 * What is allowed between the networks of a site and between sites, and how the rest leaves, as
 * people write it, and as rules of {@code io.spillway.dataplane.firewall}.
 */
package io.spillway.node.policy;
