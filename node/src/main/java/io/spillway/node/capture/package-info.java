/**
 * {@code spillway capture}: the agents copy packets into rings, {@link
 * io.spillway.node.capture.CaptureSession} brings them in order, completes and filters them and
 * streams them to the client as a capture file.
 *
 * <pre>
 *   agents &gt; CaptureRings &gt; CaptureOrder &gt; PcapngWriter &gt; CommandStream &gt; CaptureClient &gt; file
 * </pre>
 */
package io.spillway.node.capture;
