package io.spillway.bench.tunnel;

import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.util.List;
import java.util.Set;

/**
 * What a run measures.
 *
 * @param seconds of each TCP run and flood
 */
public record TunnelOptions(
        List<Contender> contenders, List<Wan> wans, Set<Metric> metrics, int rounds, int seconds) {
    public TunnelOptions {
        contenders = List.copyOf(contenders);
        wans = List.copyOf(wans);
        metrics = Set.copyOf(metrics);
    }
}
