/**
 * Names while the cloud is lost: queries of the LAN's hosts are handed on to servers of internal
 * zones and to resolvers of the Internet.
 */
package io.spillway.node.dns;
