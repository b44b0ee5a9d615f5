package io.spillway.control.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.spillway.routing.rib.LiveChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A site's own word on its routes, as bytes and back. What is returned has passed all bounds; whose
 * word it is has not been looked at. Stateless, any thread.
 */
public final class LiveStatements {
    /** Prefixes in one statement, those of both lists together: ours. */
    public static final int PREFIXES_MAX = 1024;

    /** Fits, with all that is around it, into what every tunnel carries whole. */
    public static final int PIECE_LENGTH_MAX = 1000;

    static final int CERTIFICATE_LENGTH_MAX = 4096;
    private static final int SIGNATURE_LENGTH_MAX = 128;
    private static final int PREFIX_LENGTH_MAX = 17;
    private static final int REST_LENGTH_MAX = 256; // account, numbers, and what tells fields apart

    /** Pieces of one statement. */
    public static final int PIECES_MAX =
            1
                    + (PREFIXES_MAX * PREFIX_LENGTH_MAX
                                    + CERTIFICATE_LENGTH_MAX
                                    + SIGNATURE_LENGTH_MAX
                                    + REST_LENGTH_MAX)
                            / PIECE_LENGTH_MAX;

    /** So that a signature under something else is none under a statement. */
    private static final ByteString PURPOSE =
            ByteString.copyFrom("spillway live routes\0", StandardCharsets.US_ASCII);

    private LiveStatements() {}

    /** What is signed of a {@link LiveStatement}'s bytes. */
    public static byte[] signed(ByteString statement) {
        return PURPOSE.concat(statement).toByteArray();
    }

    /**
     * @throws WireException saying what is wrong with {@code bytes}
     */
    public static SignedLiveStatement decode(byte[] bytes) throws WireException {
        try {
            SignedLiveStatement signed = SignedLiveStatement.parseFrom(bytes);
            FieldCheck.bytes("signature", signed.getSignature(), SIGNATURE_LENGTH_MAX);
            return signed;
        } catch (InvalidProtocolBufferException e) {
            throw new WireException("not a signed statement: " + e.getMessage());
        }
    }

    /**
     * @throws WireException saying what is wrong with its statement
     */
    public static LiveStatement statement(SignedLiveStatement signed) throws WireException {
        try {
            LiveStatement statement = LiveStatement.parseFrom(signed.getStatement());
            FrameCheck.liveStatement(statement);
            return statement;
        } catch (InvalidProtocolBufferException e) {
            throw new WireException("not a statement: " + e.getMessage());
        }
    }

    /** Of a statement that has passed the check. */
    public static LiveChange change(LiveStatement statement) {
        return new LiveChange(
                statement.getGeneration(),
                Nlri.decode(statement.getWithdrawn()),
                Nlri.decode(statement.getAnnounced()));
    }

    /** As frames, each of which fits a datagram. */
    public static List<Frame> pieces(long generation, SignedLiveStatement signed) {
        ByteString bytes = signed.toByteString();
        int count = Math.ceilDiv(bytes.size(), PIECE_LENGTH_MAX);
        List<Frame> pieces = new ArrayList<>(count);
        for (int number = 0; number < count; number++) {
            int start = number * PIECE_LENGTH_MAX;
            int end = Math.min(bytes.size(), start + PIECE_LENGTH_MAX);
            LivePiece.Builder piece =
                    LivePiece.newBuilder()
                            .setGeneration(generation)
                            .setNumber(number)
                            .setCount(count)
                            .setContent(bytes.substring(start, end));
            pieces.add(Frame.newBuilder().setLivePiece(piece).build());
        }
        return List.copyOf(pieces);
    }
}
