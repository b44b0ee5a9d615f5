package io.spillway.node.site;

import io.spillway.dataplane.agent.ControlEvents;
import io.spillway.node.ControlAgent;
import java.util.concurrent.Executor;

/**
 * Turns site control, and beside it looks at what the LAN firewall has counted: for events each
 * second, for the file of counts now and then. Owned by control.
 */
final class SiteFirewallWatch implements ControlAgent.Logic {
    private static final long SAVE_NS = 600_000_000_000L;

    private final ControlAgent.Logic control;
    private final SiteFirewall firewall;
    private final FirewallEvents events;
    private final Executor files;
    private long pollDueNs;
    private long saveDueNs;

    /**
     * @param files one thread that may block
     */
    SiteFirewallWatch(
            ControlAgent.Logic control,
            SiteFirewall firewall,
            FirewallEvents events,
            Executor files,
            long nowNs) {
        this.control = control;
        this.firewall = firewall;
        this.events = events;
        this.files = files;
        pollDueNs = nowNs;
        saveDueNs = nowNs + SAVE_NS;
    }

    @Override
    public ControlEvents.Handler dataPlaneHandler() {
        return control.dataPlaneHandler();
    }

    @Override
    public void onTick(long nowNs) {
        control.onTick(nowNs);
        if (nowNs - pollDueNs >= 0) {
            pollDueNs = nowNs + FirewallEvents.POLL_NS;
            events.poll(firewall.inForce(), nowNs);
        }
        if (nowNs - saveDueNs >= 0) {
            saveDueNs = nowNs + SAVE_NS;
            files.execute(firewall::save);
        }
    }

    @Override
    public long deadlineNs() {
        long dueNs = control.deadlineNs();
        return dueNs - pollDueNs < 0 ? dueNs : pollDueNs;
    }

    /** What was counted since is kept as well. */
    @Override
    public void onStop() {
        control.onStop();
        files.execute(firewall::save);
    }
}
