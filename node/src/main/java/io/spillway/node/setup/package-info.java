/** {@code spillway setup}: makes of a machine what a site's configuration expects around it. */
package io.spillway.node.setup;
