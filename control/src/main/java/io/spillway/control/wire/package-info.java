/**
 * The messages of the channel between a site and its PoP, and the codec that admits none but valid
 * ones. What each message means stands in {@code channel.proto}.
 */
package io.spillway.control.wire;
