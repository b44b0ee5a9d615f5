/** The DHCP relay of LAN networks: a socket on each gateway, between clients and their server. */
package io.spillway.node.dhcp;
