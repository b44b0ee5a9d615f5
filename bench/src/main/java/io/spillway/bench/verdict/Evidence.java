package io.spillway.bench.verdict;

import io.spillway.bench.tunnel.Results;

/** All that was measured for a verdict. */
record Evidence(Results tunnels, MicroFigures micro, SoakFigures soak, RecoveryFigures recovery) {}
