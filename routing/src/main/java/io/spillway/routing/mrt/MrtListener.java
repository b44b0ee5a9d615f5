package io.spillway.routing.mrt;

import io.spillway.routing.fib.Prefix;
import java.util.List;

/** Takes what a file holds, in its order. */
public interface MrtListener {
    /** Before all routes. */
    void onPeers(List<MrtPeer> peers);

    /**
     * All paths of one prefix; they name peers that are there, and their attributes are well
     * formed.
     */
    void onRoute(Prefix prefix, List<MrtPath> paths);
}
