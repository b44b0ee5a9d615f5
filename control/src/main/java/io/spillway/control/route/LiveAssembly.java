package io.spillway.control.route;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.LivePiece;
import io.spillway.control.wire.LiveStatements;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Puts the pieces of one site's statement together. Holds those of one statement at a time: a piece
 * of another one begins anew. Owned by control.
 */
public final class LiveAssembly {
    private long generation;
    private List<ByteString> pieces = List.of(); // null: not come yet
    private int missing;

    /** No statement that we take has so many pieces. */
    public static boolean isTooLong(LivePiece piece) {
        return Integer.compareUnsigned(piece.getCount(), LiveStatements.PIECES_MAX) > 0;
    }

    /**
     * @param piece has passed the codec, and is not {@link #isTooLong}
     * @return the statement's bytes; empty while pieces are to come
     */
    public ByteString take(LivePiece piece) {
        boolean isOfThese =
                piece.getGeneration() == generation && piece.getCount() == pieces.size();
        if (!isOfThese) {
            generation = piece.getGeneration();
            pieces = new ArrayList<>(Collections.nCopies(piece.getCount(), null));
            missing = piece.getCount();
        }
        if (pieces.set(piece.getNumber(), piece.getContent()) == null) {
            missing--;
        }
        if (missing > 0) {
            return ByteString.EMPTY;
        }
        ByteString whole = ByteString.copyFrom(pieces);
        pieces = List.of();
        return whole;
    }
}
