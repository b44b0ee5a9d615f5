package io.spillway.node.bfd;

import io.spillway.routing.bfd.BfdAction;

/** Hears what sessions have come to. */
public interface BfdListener {
    /** A session came up or went down; on BFD's own thread, must not block. */
    void onChanged(BfdAction.Changed change);
}
