/** All learned routes by source and site; freeze and thaw of remote ones. */
package io.spillway.routing.rib;
