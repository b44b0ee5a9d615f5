package io.spillway.bench.verdict;

import io.spillway.bench.bgp.BgpFigures;
import io.spillway.bench.scale.ReturnFigures;
import io.spillway.bench.scale.ScaleFigures;
import io.spillway.bench.tunnel.Results;
import java.util.List;

/**
 * All that was measured for a verdict.
 *
 * @param soak null: it did not come to its end
 * @param scale null: as well
 * @param back null: as well; of the return of all sites to one PoP
 * @param recovery null: as well
 * @param bgp of each speaker that came to its end
 */
record Evidence(
        Results tunnels,
        MicroFigures micro,
        SoakFigures soak,
        ScaleFigures scale,
        ReturnFigures back,
        RecoveryFigures recovery,
        List<BgpFigures> bgp) {}
