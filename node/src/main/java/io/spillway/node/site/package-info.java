/**
 * A site's appliance. Start with {@link io.spillway.node.site.Appliance}, which wires it, then
 * {@link io.spillway.node.site.SiteControl}, which carries out what the recovery machine decides.
 */
package io.spillway.node.site;
