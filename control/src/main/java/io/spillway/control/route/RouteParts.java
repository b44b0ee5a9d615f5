package io.spillway.control.route;

import io.spillway.control.wire.Nlri;
import io.spillway.control.wire.RoutePart;
import io.spillway.control.wire.WireCodec;
import java.util.ArrayList;
import java.util.List;

/** A change of routes as messages, each of which fits a frame. */
final class RouteParts {
    private RouteParts() {}

    /** One at least, also where nothing changes. */
    static List<RoutePart> of(RouteChange change) {
        List<RoutePart> parts = new ArrayList<>();
        int gone = 0;
        int come = 0;
        do {
            Nlri.Piece withdrawn =
                    Nlri.encode(change.withdrawn(), gone, WireCodec.ROUTE_PART_LENGTH_MAX);
            int left = WireCodec.ROUTE_PART_LENGTH_MAX - withdrawn.length();
            Nlri.Piece announced = Nlri.encode(change.announced(), come, left);
            gone = withdrawn.end();
            come = announced.end();
            parts.add(
                    RoutePart.newBuilder()
                            .setGeneration(change.generation())
                            .setBase(change.base())
                            .setNumber(parts.size())
                            .setWithdrawn(withdrawn.prefixes())
                            .setAnnounced(announced.prefixes())
                            .setLast(isAll(change, gone, come))
                            .build());
        } while (!isAll(change, gone, come));
        return List.copyOf(parts);
    }

    private static boolean isAll(RouteChange change, int gone, int come) {
        return gone == change.withdrawn().size() && come == change.announced().size();
    }
}
