package io.spillway.node.sim;

import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.routing.fib.Prefix;
import java.util.List;

/**
 * How one simulated site is configured.
 *
 * @param precedences of its WAN links, one each
 * @param advertised beside 10.N.0.0/24
 */
public record SiteOptions(
        List<Integer> precedences,
        RecoveryConfig recovery,
        List<Prefix> advertised,
        RekeyLimits rekey) {
    public static final SiteOptions DEFAULT =
            new SiteOptions(List.of(1), RecoveryConfig.DEFAULT, List.of(), RekeyLimits.DEFAULT);

    public SiteOptions links(Integer... newPrecedences) {
        return new SiteOptions(List.of(newPrecedences), recovery, advertised, rekey);
    }

    public SiteOptions recovery(boolean isEnabled, boolean isFreezeEnabled) {
        var changed =
                new RecoveryConfig(
                        isEnabled,
                        isFreezeEnabled,
                        recovery.startGraceNs(),
                        recovery.returnBackoff());
        return new SiteOptions(precedences, changed, advertised, rekey);
    }

    public SiteOptions advertising(String... prefixes) {
        List<Prefix> more = List.of(prefixes).stream().map(Prefix::parse).toList();
        return new SiteOptions(precedences, recovery, more, rekey);
    }

    public SiteOptions rekeying(long afterMs, long bytes) {
        var limits = new RekeyLimits(afterMs * 1_000_000, bytes);
        return new SiteOptions(precedences, recovery, advertised, limits);
    }
}
