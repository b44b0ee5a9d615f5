/**
 * The packet's way, in four files. Start reading here.
 *
 * <pre>
 *   LanIngress:  TapReader &gt; FrameDecoder &gt; PacketDecoder &gt;
 *                LanDecision (LanFirewall &gt; Router &gt; Exits)
 *   WanEgress:   TunnelRings &gt; TunnelSealer &gt; DatagramSender
 *   WanIngress:  DatagramReceiver &gt; TunnelDemux &gt; TunnelOpener &gt; PacketDecoder &gt; Coalescer &gt;
 *                WanDecision (SourceGuard &gt; LanFirewall &gt; ProofEcho &gt; Router &gt; Exits)
 *   LanEgress:   PacketRing &gt; FrameEncoder &gt; TapWriter
 * </pre>
 *
 * <p>Where WAN and LAN have threads of their own, the two pairs are joined by rings: LanArrival
 * stands in front of WanDecision, WanDeparture in front of WanEgress. Where ports have, too,
 * PortArrival stands in front of LanDecision, PortDeparture behind FrameEncoder.
 */
package io.spillway.dataplane.path;
