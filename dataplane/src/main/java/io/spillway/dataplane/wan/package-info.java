/** WAN links: datagrams in and out. */
package io.spillway.dataplane.wan;
