package io.spillway.node.sim;

import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.routing.fib.Prefix;
import java.util.List;

/**
 * How one simulated site is configured.
 *
 * @param precedences of its WAN links, one each
 * @param advertised beside 10.N.0.0/24
 */
public record SiteOptions(
        List<Integer> precedences, RecoveryConfig recovery, List<Prefix> advertised) {
    public static final SiteOptions DEFAULT =
            new SiteOptions(List.of(1), RecoveryConfig.DEFAULT, List.of());

    public SiteOptions links(Integer... newPrecedences) {
        return new SiteOptions(List.of(newPrecedences), recovery, advertised);
    }

    public SiteOptions recovery(boolean isEnabled, boolean isFreezeEnabled) {
        var changed =
                new RecoveryConfig(
                        isEnabled,
                        isFreezeEnabled,
                        recovery.startGraceNs(),
                        recovery.returnBackoff());
        return new SiteOptions(precedences, changed, advertised);
    }

    public SiteOptions advertising(String... prefixes) {
        List<Prefix> more = List.of(prefixes).stream().map(Prefix::parse).toList();
        return new SiteOptions(precedences, recovery, more);
    }
}
