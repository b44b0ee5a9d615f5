package io.spillway.node.pop.api;

import java.util.List;

/** What a site that is connected lacks. */
public record DegradedStatus(boolean isDegraded, List<Detail> degradedDetails) {
    /** A published reason. */
    public record Detail(String reason) {}

    /** Each as often as it holds. */
    public static DegradedStatus of(List<String> reasons) {
        return new DegradedStatus(!reasons.isEmpty(), reasons.stream().map(Detail::new).toList());
    }
}
