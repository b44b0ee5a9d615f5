package io.spillway.control.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashSet;
import java.util.Set;

/**
 * A site's saved state from its bytes. What is returned has passed the same checks as what a PoP
 * says. Stateless, any thread.
 */
public final class SavedStates {
    private SavedStates() {}

    /**
     * @throws WireException saying what is wrong with {@code bytes}
     */
    public static SavedState decode(byte[] bytes) throws WireException {
        SavedState state = parse(bytes);
        FrameCheck.time(state.getSavedMs());
        if (state.getFrozenMs() != 0) {
            FrameCheck.time(state.getFrozenMs());
        }
        FrameCheck.directory(state.getDirectory());
        FieldCheck.count("routes", state.getRoutesCount(), FrameCheck.SITES_MAX);
        Set<Long> seen = new HashSet<>();
        for (SavedRoutes routes : state.getRoutesList()) {
            FrameCheck.savedRoutes(routes);
            FieldCheck.require(seen.add(routes.getSiteId()), "routes of one site twice");
        }
        return state;
    }

    private static SavedState parse(byte[] bytes) throws WireException {
        try {
            return SavedState.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new WireException("not a saved state: " + e.getMessage());
        }
    }
}
