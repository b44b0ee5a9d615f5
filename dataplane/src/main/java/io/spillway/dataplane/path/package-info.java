/**
 * The packet's way, in four files. Start reading here.
 *
 * <pre>
 *   LanIngress:  TapReader &gt; FrameDecoder &gt; PacketDecoder &gt; LanFirewall &gt; Router &gt; Exits
 *   WanEgress:   TunnelRings &gt; TunnelSealer &gt; DatagramSender
 *   WanIngress:  DatagramReceiver &gt; TunnelDemux &gt; TunnelOpener &gt; PacketDecoder &gt; Coalescer &gt;
 *                SourceGuard &gt; LanFirewall &gt; Router &gt; Exits
 *   LanEgress:   PacketRing &gt; FrameEncoder &gt; TapWriter
 * </pre>
 */
package io.spillway.dataplane.path;
