package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import io.spillway.control.route.LiveRefusal;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.LivePiece;
import io.spillway.control.wire.LiveStatement;
import io.spillway.control.wire.LiveStatements;
import io.spillway.control.wire.Nlri;
import io.spillway.control.wire.Prefixes;
import io.spillway.control.wire.SignedLiveStatement;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.Signer;
import io.spillway.node.channel.TestAccount;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken of live routes and why the rest is not, with the certificates of real sites. */
class LiveListenerTest {
    private static final long ORIGIN = 7;
    private static final long OTHER = 8;
    private static final long S = 1_000_000_000L;
    private static final Prefix PINNED = Prefix.parse("10.7.0.0/24");
    private static final Prefix NEW = Prefix.parse("172.16.3.0/24");
    private static final Prefix OWN = Prefix.parse("10.1.0.0/16");

    @TempDir static Path directory;
    private static Identity origin;
    private static Identity other;
    private static Identity foreign;
    private static Identity unlisted;
    private static PeerVerifier verifier;

    private final Rib rib = new Rib();
    private PeerIdentity peer = identity(origin);
    private boolean isOn = true;
    private LiveListener listener;
    private int changes;
    private long nowNs;

    @BeforeAll
    static void makeSites() throws IOException {
        TestAccount account = new TestAccount(directory, "acme");
        origin = account.site(ORIGIN);
        other = account.site(OTHER);
        unlisted = account.site(ORIGIN);
        foreign = new TestAccount(directory, "foreign").site(ORIGIN);
        verifier = origin.verifier(TestAccount.CLOCK);
    }

    /** Of the account, however its certificate came about. */
    private static PeerIdentity identity(Identity of) {
        CertifiedName name = of.name();
        return new PeerIdentity(
                name.account(), name.role(), name.siteId(), name.name(), of.certificate());
    }

    private static final class Verifying implements Credentials {
        @Override
        public boolean isTrusted(X509Certificate certificate, long siteId) {
            return verifier.isOfSite(certificate, siteId);
        }

        @Override
        public void onFrame(Frame frame, long nowNs) {}

        @Override
        public void poll(View view, long nowNs) {}
    }

    private void take(List<Frame> pieces) {
        if (listener == null) {
            rib.replaceRemote(ORIGIN, 1, List.of(PINNED));
            rib.freeze(1);
            listener = listener();
        }
        nowNs += S;
        pieces.forEach(piece -> listener.take(ORIGIN, piece.getLivePiece(), nowNs));
    }

    private LiveListener listener() {
        return new LiveListener(
                isOn,
                rib,
                siteId -> siteId == ORIGIN ? peer : null,
                new Verifying(),
                List.of(OWN),
                () -> changes++);
    }

    @Test
    void shouldPutInForceWhatTheSiteItselfSigned() {
        take(told(5, List.of(PINNED), List.of(NEW)));

        assertRefused();
        assertNull(rib.inUse(PINNED));
        assertEquals(ORIGIN, rib.inUse(NEW).siteId());
        take(told(6, List.of(), List.of(OWN, NEW)));
        assertNotNull(rib.inUse(PINNED), "the newer word alone counts");
        assertRefused(LiveRefusal.OWN_NETWORK);
        assertEquals(2, changes);
    }

    @Test
    void shouldNotLookAtWhatItHas() {
        List<Frame> told = told(5, List.of(), List.of(NEW));
        take(told);

        take(told);

        assertEquals(1, changes);
        assertRefused();
    }

    /** Both pinned our routes anew while we stayed off the cloud: the same word holds. */
    @Test
    void shouldTakeTheSameWordAgainAfterAThaw() {
        List<Frame> told = told(5, List.of(), List.of(NEW));
        take(told);
        rib.thawAll();
        rib.freeze(2);
        assertNull(rib.inUse(NEW));

        take(told);

        assertNotNull(rib.inUse(NEW));
    }

    @Test
    void shouldRefuseAnOlderWord() {
        take(told(5, List.of(), List.of(NEW)));

        take(told(4, List.of(), List.of()));

        assertNotNull(rib.inUse(NEW));
        assertRefused(LiveRefusal.REPLAYED);
    }

    @Test
    void shouldRefuseEverythingWhereItIsOff() {
        isOn = false;

        take(told(5, List.of(), List.of(NEW)));

        assertNull(rib.inUse(NEW));
        assertRefused(LiveRefusal.SWITCHED_OFF);
    }

    @Test
    void shouldRefuseWhoeverHasNoTunnel() {
        peer = null;

        take(told(5, List.of(), List.of(NEW)));

        assertRefused(LiveRefusal.FOREIGN);
    }

    @Test
    void shouldRefuseAnotherSitesWord() {
        take(LiveStatements.pieces(5, signed(statement(5).setSiteId(OTHER).build(), other)));
        assertRefused(LiveRefusal.FOREIGN);
        take(LiveStatements.pieces(6, signed(statement(6).setAccount("x").build(), origin)));
        assertEquals(Map.of(LiveRefusal.FOREIGN, 2L), listener.refused());
    }

    @Test
    void shouldRefuseWhatIsNotFrozen() {
        take(told(5, List.of(), List.of()));
        rib.thawAll();

        take(told(6, List.of(), List.of(NEW)));

        assertNull(rib.inUse(NEW));
        assertRefused(LiveRefusal.NOT_FROZEN);
    }

    /** Of the same name and ID, but another authority; and of our own, but another machine. */
    @Test
    void shouldRefuseCertificatesThatAreNotTheSites() {
        LiveStatement foreigns = statement(5).setCertificate(certificate(foreign)).build();
        take(LiveStatements.pieces(5, signed(foreigns, foreign)));
        LiveStatement seconds = statement(6).setCertificate(certificate(unlisted)).build();
        take(LiveStatements.pieces(6, signed(seconds, unlisted)));
        peer = identity(foreign); // as if its tunnel stood
        LiveStatement accounts = statement(7).setCertificate(certificate(foreign)).build();
        take(
                LiveStatements.pieces(
                        7, signed(accounts.toBuilder().setAccount("foreign").build(), foreign)));

        assertEquals(Map.of(LiveRefusal.UNTRUSTED, 3L), listener.refused());
    }

    @Test
    void shouldRefuseAForgedSignature() {
        LiveStatement statement = statement(5).build();
        take(LiveStatements.pieces(5, signed(statement, other)));
        SignedLiveStatement good = signed(statement, origin);
        ByteString changed = statement.toBuilder().clearAnnounced().build().toByteString();
        take(LiveStatements.pieces(5, good.toBuilder().setStatement(changed).build()));
        byte[] plain = Signer.of(origin).sign(statement.toByteArray());
        take(
                LiveStatements.pieces(
                        5, good.toBuilder().setSignature(ByteString.copyFrom(plain)).build()));
        assertEquals(Map.of(LiveRefusal.FORGED, 3L), listener.refused());

        take(LiveStatements.pieces(5, good)); // none of them stands in its way
        assertNotNull(rib.inUse(NEW));
    }

    @Test
    void shouldRefuseWhatIsTooLongOrTooManyOrContradictsItself() {
        LivePiece piece = told(5, List.of(), List.of(NEW)).getFirst().getLivePiece();
        LivePiece.Builder longer = piece.toBuilder().setCount(LiveStatements.PIECES_MAX + 1);
        take(List.of(Frame.newBuilder().setLivePiece(longer).build()));
        assertRefused(LiveRefusal.TOO_LONG);

        List<Prefix> many =
                IntStream.rangeClosed(0, LiveStatements.PREFIXES_MAX)
                        .mapToObj(i -> Prefix.ofIpv4(172 << 24 | i << 8, 24))
                        .toList();
        take(told(5, List.of(), many));
        assertRefused(LiveRefusal.TOO_LONG, LiveRefusal.TOO_MANY);

        take(told(5, List.of(NEW), List.of(NEW)));
        assertRefused(LiveRefusal.TOO_LONG, LiveRefusal.TOO_MANY, LiveRefusal.CONTRADICTORY);
        assertEquals(0, changes);
    }

    @Test
    void shouldLeaveOutDefaultRoutesAndOwnNetworks() {
        List<Prefix> told =
                Stream.of("0.0.0.0/0", "::/0", "10.1.2.0/24", "10.0.0.0/8", "172.16.3.0/24")
                        .map(Prefix::parse)
                        .toList();

        take(told(5, List.of(), told));

        Map<LiveRefusal, Long> expected =
                Map.of(LiveRefusal.DEFAULT_ROUTE, 2L, LiveRefusal.OWN_NETWORK, 1L);
        assertEquals(expected, listener.refused());
        assertNotNull(rib.inUse(Prefix.parse("10.0.0.0/8")), "around our own");
        assertNotNull(rib.inUse(NEW));
        assertNull(rib.inUse(Prefix.parse("10.1.2.0/24")));
    }

    @Test
    void shouldVerifyNoMoreOftenThanAnybodyTells() {
        take(told(5, List.of(), List.of(NEW)));
        List<Frame> next = told(6, List.of(), List.of());

        next.forEach(piece -> listener.take(ORIGIN, piece.getLivePiece(), nowNs + S / 1000));

        assertRefused(LiveRefusal.TOO_SOON);
        take(next); // it comes again
        assertNull(rib.inUse(NEW));
    }

    /** Whatever the bytes of a statement are: it is taken as it was, or refused by name. */
    @Test
    void shouldRefuseDamagedBytesByName() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = signed(statement(5).build(), origin).toByteArray();
        take(List.of());
        for (int i = 0; i < 300; i++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            LivePiece.Builder piece =
                    LivePiece.newBuilder()
                            .setGeneration(5)
                            .setCount(1)
                            .setContent(ByteString.copyFrom(bytes));
            try {
                take(List.of(Frame.newBuilder().setLivePiece(piece).build()));
            } catch (RuntimeException e) {
                fail("seed " + seed, e);
            }
        }
        assertEquals(0, changes, "seed " + seed);
        long refused = listener.refused().values().stream().mapToLong(it -> it).sum();
        assertEquals(300, refused, "seed " + seed);
    }

    private void assertRefused(LiveRefusal... refusals) {
        assertEquals(List.of(refusals), new ArrayList<>(listener.refused().keySet()));
    }

    private static List<Frame> told(long generation, List<Prefix> gone, List<Prefix> come) {
        LiveStatement statement =
                statement(generation)
                        .setWithdrawn(prefixes(gone))
                        .setAnnounced(prefixes(come))
                        .build();
        return LiveStatements.pieces(generation, signed(statement, origin));
    }

    private static LiveStatement.Builder statement(long generation) {
        return LiveStatement.newBuilder()
                .setAccount("acme")
                .setSiteId(ORIGIN)
                .setGeneration(generation)
                .setAnnounced(prefixes(List.of(NEW)))
                .setCertificate(certificate(origin));
    }

    private static SignedLiveStatement signed(LiveStatement statement, Identity by) {
        ByteString bytes = statement.toByteString();
        byte[] signature = Signer.of(by).sign(LiveStatements.signed(bytes));
        return SignedLiveStatement.newBuilder()
                .setStatement(bytes)
                .setSignature(ByteString.copyFrom(signature))
                .build();
    }

    private static ByteString certificate(Identity of) {
        return ByteString.copyFrom(Certificates.encode(of.certificate()));
    }

    private static Prefixes prefixes(List<Prefix> prefixes) {
        return Nlri.encode(PrefixSet.of(prefixes));
    }
}
