package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.forward.Router;

/**
 * The second half of {@link LanIngress}: what a port delivered gets its exit's ring. Continues in
 * {@link WanEgress} or {@link LanEgress}.
 *
 * <pre>
 *   LanFirewall &gt; CaptureStep &gt; Router &gt; Exits.offer
 * </pre>
 */
public final class LanDecision implements Onward {
    private final LanFirewall firewall;
    private final CaptureStep capture;
    private final Router router;
    private final Exits exits;

    public LanDecision(LanFirewall firewall, CaptureStep capture, Router router, Exits exits) {
        this.firewall = firewall;
        this.capture = capture;
        this.router = router;
        this.exits = exits;
    }

    @Override
    public void process(PacketBatch batch) {
        firewall.process(batch); // flow and verdict
        capture.process(batch); // copied while somebody captures here
        router.process(batch); // destination -> exit
        exits.offer(batch); // the rings own them from here on
    }
}
