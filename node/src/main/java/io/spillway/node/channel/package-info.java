/**
 * The control channel between a site and its PoP (DESIGN §5): TLS 1.3 over TCP with certificates on
 * both sides, carrying {@link io.spillway.control.wire.Frame}s, each preceded by its length as a
 * varint.
 *
 * <pre>
 *   bytes &gt; SslHandler &gt; ProtobufVarint32FrameDecoder &gt; WireDecoder &gt; PopLine or SiteLine
 * </pre>
 *
 * <p>It connects, authenticates, bounds and ends connections; what the frames say is its listener's
 * business. One {@link io.spillway.node.channel.ChannelThread} runs all connections of a process.
 */
package io.spillway.node.channel;
