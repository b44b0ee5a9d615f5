package io.spillway.control.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import io.spillway.control.route.LiveAssembly;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveStatementsTest {
    private static final int COUNT = Boolean.getBoolean("spillway.long") ? 400_000 : 20_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void shouldPutTogetherWhatCameInPieces() throws WireException {
        SignedLiveStatement signed = signed(longest());
        List<Frame> pieces = new ArrayList<>(LiveStatements.pieces(5, signed));
        assertTrue(pieces.size() > 1 && pieces.size() <= LiveStatements.PIECES_MAX);
        pieces.addAll(pieces.subList(0, pieces.size() / 2)); // some come twice
        Collections.shuffle(pieces, random);
        LiveAssembly assembly = new LiveAssembly();

        ByteString whole = ByteString.EMPTY;
        for (Frame piece : pieces) {
            byte[] bytes = WireCodec.encode(piece);
            Frame decoded = WireCodec.decode(bytes, WireSender.NEIGHBOUR);
            assertFalse(LiveAssembly.isTooLong(decoded.getLivePiece()));
            ByteString now = assembly.take(decoded.getLivePiece());
            whole = whole.isEmpty() ? now : whole;
        }

        assertEquals(signed, LiveStatements.decode(whole.toByteArray()), "seed " + seed);
        LiveStatement statement = LiveStatements.statement(signed);
        int count = LiveStatements.change(statement).announced().size();
        assertEquals(LiveStatements.PREFIXES_MAX, count);
    }

    @Test
    void shouldBeginAnewWithAPieceOfAnotherStatement() {
        List<Frame> old = LiveStatements.pieces(5, signed(longest()));
        List<Frame> next = LiveStatements.pieces(6, signed(statement().build()));
        LiveAssembly assembly = new LiveAssembly();
        assertTrue(assembly.take(old.getFirst().getLivePiece()).isEmpty());

        ByteString whole = assembly.take(next.getFirst().getLivePiece());

        assertEquals(1, next.size());
        assertEquals(signed(statement().build()).toByteString(), whole);
        for (Frame piece : old.subList(1, old.size())) {
            assertTrue(assembly.take(piece.getLivePiece()).isEmpty(), "the first one is missing");
        }
    }

    @Test
    void shouldNameWhatIsWrong() {
        refused("account is empty", statement().setAccount(""));
        refused("account is longer than 128", statement().setAccount("x".repeat(129)));
        refused("site ID is 0", statement().setSiteId(0));
        refused("generation of a statement", statement().setGeneration(0));
        refused("generation of a statement", statement().setGeneration(-1));
        refused("certificate is empty", statement().clearCertificate());
        refused("longer than 4096", statement().setCertificate(bytes(4097)));
        Prefixes cut = Prefixes.newBuilder().setIpv4(bytes(new byte[] {24, 10})).build();
        refused("prefix is cut short", statement().setAnnounced(cut));
        refused("prefix is cut short", statement().setWithdrawn(cut));
        byte[] none = {1, 2, 3};
        assertThrows(WireException.class, () -> LiveStatements.decode(none));
        SignedLiveStatement long1 =
                SignedLiveStatement.newBuilder().setSignature(bytes(129)).build();
        assertThrows(WireException.class, () -> LiveStatements.decode(long1.toByteArray()));
    }

    @Test
    void shouldNameWhatIsWrongWithAPiece() {
        LivePiece good =
                LivePiece.newBuilder().setGeneration(1).setCount(1).setContent(bytes(1)).build();
        refused("generation of a statement is 0", good.toBuilder().setGeneration(0));
        refused("piece 0", good.toBuilder().setCount(0));
        refused("piece 1", good.toBuilder().setNumber(1));
        refused("piece is empty", good.toBuilder().clearContent());
        refused("longer than 1000", good.toBuilder().setContent(bytes(1001)));
        assertTrue(LiveAssembly.isTooLong(good.toBuilder().setCount(-1).build()));
        int tooMany = LiveStatements.PIECES_MAX + 1;
        assertTrue(LiveAssembly.isTooLong(good.toBuilder().setCount(tooMany).build()));
    }

    /** Nothing but a statement within its bounds, or a {@link WireException}. */
    @Test
    void shouldNeverThrowAnythingElseOnDamagedBytes() {
        byte[] good = signed(statement().build()).toByteArray();
        LiveAssembly assembly = new LiveAssembly();
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = good.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
            try {
                LiveStatements.change(LiveStatements.statement(LiveStatements.decode(bytes)));
            } catch (WireException expected) {
                // the only one that may come
            } catch (RuntimeException e) {
                fail("seed " + seed + ", bytes " + Arrays.toString(bytes), e);
            }
            assemble(assembly);
        }
    }

    private void assemble(LiveAssembly assembly) {
        int count = random.nextInt(-1, LiveStatements.PIECES_MAX + 2);
        LivePiece piece =
                LivePiece.newBuilder()
                        .setGeneration(random.nextInt(2))
                        .setCount(count)
                        .setNumber(random.nextInt(-1, LiveStatements.PIECES_MAX))
                        .setContent(bytes(random.nextInt(4)))
                        .build();
        Frame frame = Frame.newBuilder().setLivePiece(piece).build();
        try {
            WireCodec.decode(frame.toByteArray(), WireSender.NEIGHBOUR);
            if (!LiveAssembly.isTooLong(piece)) {
                assembly.take(piece);
            }
        } catch (WireException expected) {
            // most of them
        }
    }

    private static void refused(String reason, LiveStatement.Builder statement) {
        SignedLiveStatement signed = signed(statement.build());
        WireException e = assertThrows(WireException.class, () -> LiveStatements.statement(signed));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private static void refused(String reason, LivePiece.Builder piece) {
        byte[] bytes = Frame.newBuilder().setLivePiece(piece).build().toByteArray();
        WireException e =
                assertThrows(
                        WireException.class, () -> WireCodec.decode(bytes, WireSender.NEIGHBOUR));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private static SignedLiveStatement signed(LiveStatement statement) {
        return SignedLiveStatement.newBuilder()
                .setStatement(statement.toByteString())
                .setSignature(bytes(72))
                .build();
    }

    private static LiveStatement.Builder statement() {
        return LiveStatement.newBuilder()
                .setAccount("acme")
                .setSiteId(7)
                .setGeneration(5)
                .setAnnounced(Frames.prefixes("10.1.0.0/16", "fd00:1::/64"))
                .setWithdrawn(Frames.prefixes("10.2.0.0/16"))
                .setCertificate(bytes(600));
    }

    private static LiveStatement longest() {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < LiveStatements.PREFIXES_MAX; i++) {
            prefixes.add(Prefix.host(new IpAddress(false, 0xfd00L << 48, i)));
        }
        return statement()
                .clearWithdrawn()
                .setAnnounced(Nlri.encode(PrefixSet.of(prefixes)))
                .setCertificate(bytes(LiveStatements.CERTIFICATE_LENGTH_MAX))
                .setAccount("x".repeat(FieldCheck.NAME_LENGTH_MAX))
                .build();
    }

    private static ByteString bytes(int length) {
        return bytes(new byte[length]);
    }

    private static ByteString bytes(byte[] bytes) {
        return ByteString.copyFrom(bytes);
    }
}
