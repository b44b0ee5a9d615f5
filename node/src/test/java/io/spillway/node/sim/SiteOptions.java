package io.spillway.node.sim;

import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.routing.fib.Prefix;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * How one simulated site is configured.
 *
 * @param precedences of its WAN links, one each
 * @param advertised beside 10.N.0.0/24
 * @param fixed static public endpoint of the first link; null: none
 * @param popRetryNs until a better PoP is tried
 */
public record SiteOptions(
        List<Integer> precedences,
        RecoveryConfig recovery,
        List<Prefix> advertised,
        RekeyLimits rekey,
        InetSocketAddress fixed,
        long popRetryNs) {
    public static final SiteOptions DEFAULT =
            new SiteOptions(
                    List.of(1),
                    RecoveryConfig.DEFAULT,
                    List.of(),
                    RekeyLimits.DEFAULT,
                    null,
                    3_600_000_000_000L);

    public SiteOptions links(Integer... newPrecedences) {
        return new SiteOptions(
                List.of(newPrecedences), recovery, advertised, rekey, fixed, popRetryNs);
    }

    public SiteOptions recovery(boolean isEnabled, boolean isFreezeEnabled) {
        var changed =
                new RecoveryConfig(
                        isEnabled,
                        isFreezeEnabled,
                        recovery.startGraceNs(),
                        recovery.returnBackoff());
        return new SiteOptions(precedences, changed, advertised, rekey, fixed, popRetryNs);
    }

    public SiteOptions advertising(String... prefixes) {
        List<Prefix> more = List.of(prefixes).stream().map(Prefix::parse).toList();
        return new SiteOptions(precedences, recovery, more, rekey, fixed, popRetryNs);
    }

    public SiteOptions popRetryMs(long ms) {
        return new SiteOptions(precedences, recovery, advertised, rekey, fixed, ms * 1_000_000);
    }

    /** Its first link has that static public endpoint. */
    public SiteOptions fixedAt(InetSocketAddress end) {
        return new SiteOptions(precedences, recovery, advertised, rekey, end, popRetryNs);
    }

    public SiteOptions rekeying(long afterMs, long bytes) {
        var limits = new RekeyLimits(afterMs * 1_000_000, bytes);
        return new SiteOptions(precedences, recovery, advertised, limits, fixed, popRetryNs);
    }
}
