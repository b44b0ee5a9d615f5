package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.ProofEcho;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.SourceGuard;

/**
 * The second half of {@link WanIngress}: what was opened gets its exit's ring. Continues in {@link
 * LanEgress}, or in {@link WanEgress} at a PoP or hub.
 *
 * <pre>
 *   SourceGuard &gt; LanFirewall &gt; CaptureStep &gt; ProofEcho &gt; Router &gt; Exits.offer
 * </pre>
 */
public final class WanDecision implements Onward {
    private final SourceGuard sourceGuard;
    private final LanFirewall firewall;
    private final CaptureStep capture;
    private final ProofEcho proofEcho;
    private final Router router;
    private final Exits exits;

    public WanDecision(
            SourceGuard sourceGuard,
            LanFirewall firewall,
            CaptureStep capture,
            ProofEcho proofEcho,
            Router router,
            Exits exits) {
        this.sourceGuard = sourceGuard;
        this.firewall = firewall;
        this.capture = capture;
        this.proofEcho = proofEcho;
        this.router = router;
        this.exits = exits;
    }

    @Override
    public void process(PacketBatch batch) {
        sourceGuard.process(batch); // only from the peer's own prefixes
        firewall.process(batch); // flow and verdict
        capture.process(batch); // copied while somebody captures here
        proofEcho.process(batch); // answered, or told to control
        router.process(batch); // destination -> exit
        exits.offer(batch); // the rings own them from here on
    }
}
