/** Five hundred sites: what a whole mesh costs one appliance, and one PoP to which all return. */
package io.spillway.bench.scale;
