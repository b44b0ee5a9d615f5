/** What site and PoP share: configuration, life of a daemon, command socket, control's agent. */
package io.spillway.node;
