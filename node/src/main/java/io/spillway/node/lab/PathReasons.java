package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;

/** What the way between two sites can do to what goes over it, while all else passes. */
final class PathReasons {
    private static final String REMOTE = "REMOTE";
    private static final String STALE = "STALE_PROOF";

    private final OutsideDeeds deeds;
    private final NodeProcess berlin;
    private final NodeProcess london;

    private PathReasons(OutsideDeeds deeds) {
        this.deeds = deeds;
        berlin = deeds.berlin();
        london = deeds.london();
    }

    static List<ReasonCase> cases(OutsideDeeds deeds) {
        PathReasons reasons = new PathReasons(deeds);
        return List.of(
                reasons.large("there", reasons.there()),
                reasons.large("back", reasons.back()),
                reasons.filtered("there", reasons.there()),
                reasons.filtered("back", reasons.back()),
                reasons.stale(),
                reasons.silent("both ways", reasons.there(), reasons.back()),
                reasons.silent("one way", reasons.back()));
    }

    private String there() {
        return OutsideDeeds.from(deeds.address(berlin), deeds.address(london));
    }

    private String back() {
        return OutsideDeeds.from(deeds.address(london), deeds.address(berlin));
    }

    private ReasonCase large(String way, String packets) {
        return ofPair(
                "MTU_BLACKHOLE",
                "more than 700 bytes dropped on the way " + way,
                OutsideDeeds.large(packets));
    }

    /** Larger than a keep-alive, smaller than any echo; known with the next keep-alive. */
    private ReasonCase filtered(String way, String packets) {
        return ofPair(
                        "FIREWALL_BLOCKS_PROBE",
                        "more than 120 bytes dropped on the way " + way,
                        packets + " udp length > 120")
                .after(STALE);
    }

    private ReasonCase stale() {
        return ofPair(STALE, "all dropped both ways, not yet for long", there(), back());
    }

    private ReasonCase silent(String ways, String... packets) {
        return ofPair("KEEPALIVE_LOST", "all dropped " + ways, packets).after(STALE);
    }

    private ReasonCase ofPair(String code, String cause, String... packets) {
        return ReasonCase.of(
                code, REMOTE, berlin, List.of(london), cause, () -> drop(packets), deeds::pass);
    }

    private void drop(String... packets) throws IOException {
        for (String each : packets) {
            deeds.drop(each);
        }
    }
}
