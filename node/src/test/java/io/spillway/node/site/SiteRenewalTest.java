package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Directory;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.RenewReply;
import io.spillway.control.wire.SavedState;
import io.spillway.control.wire.SiteEntry;
import io.spillway.crypto.Authority;
import io.spillway.crypto.AuthorityRollover;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteRenewalTest {
    private static final CertifiedName NAME = CertifiedName.site("acme", 1001, "berlin");
    private static final long S = 1_000_000_000L;
    private static final long RETRY_NS = 600 * S;

    @TempDir Path directory;
    private final List<Frame> sent = new ArrayList<>();
    private boolean isConnected = true;
    private int otherAuthorities;
    private Instant authorityTime = Instant.now().minus(Duration.ofDays(70));
    private Authority authority;
    private SiteIdentity identity;
    private SiteRenewal renewal;

    @BeforeEach
    void open() throws Exception {
        authority = Authority.init(directory.resolve("ca"), "acme", () -> authorityTime);
        open(Authority.SITE_LIFETIME);
    }

    private void open(Duration lifetime) throws IOException, GeneralSecurityException {
        String request = Identity.request(home(), "berlin");
        Identity.install(
                home(),
                authority.issue(request, NAME, lifetime),
                authority.certificatePem(),
                authority.revocationsPem());
        reopen();
    }

    private void reopen() throws IOException {
        identity = SiteIdentity.open(home(), directory.resolve("state"), NAME, () -> 0);
        renewal =
                new SiteRenewal(
                        identity,
                        this::send,
                        Runnable::run,
                        Runnable::run,
                        () -> otherAuthorities++,
                        0);
    }

    @Test
    void shouldWaitForItsWindow() throws Exception {
        open(Duration.ofDays(150));

        renewal.poll(0);

        assertEquals(List.of(), sent);
    }

    @Test
    void shouldGoByTheNewCertificateAndKeyOnceItIsIssued() throws Exception {
        PrivateKey before = identity.current().key();
        renewal.poll(0);

        renewal.onReply(answer(), S);

        assertNotEquals(before, identity.current().key());
        assertEquals("", renewal.failure());
        assertFalse(renewal.window().isOpen(identity.clock().instant()));
        renewal.poll(2 * S);
        assertEquals(1, sent.size());
    }

    /** The saved state is sealed with the key. */
    @Test
    void shouldSealTheSavedStateAnewAndForgetTheOldKey() throws Exception {
        save(0);
        renewal.poll(0);
        renewal.onReply(answer(), S);
        assertTrue(Files.exists(home().resolve("key.previous.pem")));
        reopen(); // the power went before the state was written
        assertEquals("", identity.memory().refusal());

        save(10 * S);

        assertFalse(Files.exists(home().resolve("key.previous.pem")));
        reopen();
        assertEquals(Optional.of(state()), identity.memory().loaded());
    }

    @Test
    void shouldAskAgainLaterAndLaterWhereItIsRefused() {
        renewal.poll(0);
        renewal.onReply(RenewReply.newBuilder().setError("no signer").build(), 0);
        assertEquals("no signer", renewal.failure());

        renewal.poll(RETRY_NS - 1);
        assertEquals(1, sent.size());
        renewal.poll(RETRY_NS);
        assertEquals(2, sent.size());
        renewal.onReply(RenewReply.newBuilder().setError("no signer").build(), RETRY_NS);
        renewal.poll(3 * RETRY_NS - 1);
        assertEquals(2, sent.size());
        renewal.poll(3 * RETRY_NS);
        assertEquals(3, sent.size());
    }

    @Test
    void shouldAskAgainWhereNobodyAnswers() {
        renewal.poll(0);

        renewal.poll(SiteRenewal.ANSWER_MAX_NS);
        renewal.poll(SiteRenewal.ANSWER_MAX_NS + RETRY_NS);

        assertEquals("the PoP does not answer", renewal.failure());
        assertEquals(2, sent.size());
    }

    @Test
    void shouldAskAtOnceWhereAChannelOpens() {
        isConnected = false;
        renewal.poll(0);
        renewal.poll(S);
        assertEquals(List.of(), sent);

        isConnected = true;
        renewal.onConnected(2 * S);

        assertEquals(1, sent.size());
    }

    @Test
    void shouldKeepWhatItHasWhereTheAnswerIsNoCertificateOfOurs() {
        Identity before = identity.current();
        renewal.poll(0);

        ByteString nonsense = ByteString.copyFromUtf8("nonsense");
        renewal.onReply(RenewReply.newBuilder().setCertificate(nonsense).build(), 0);

        assertEquals(before, identity.current());
        assertTrue(renewal.failure().contains("will not be written"), renewal.failure());
        renewal.poll(RETRY_NS);
        assertEquals(2, sent.size());
    }

    @Test
    void shouldStartWithACertificateThatEndedOfLate() throws Exception {
        open(Duration.ofDays(60));

        assertTrue(
                identity.clock()
                        .instant()
                        .isAfter(identity.current().certificate().getNotAfter().toInstant()));
        renewal.poll(0);

        renewal.onReply(answer(), 0);

        assertEquals("", renewal.failure());
    }

    /** Over the channel, from a running PoP: nothing starts again. */
    @Test
    void shouldRenewAtOnceWhenAnotherAuthorityIssues() throws Exception {
        open(Duration.ofDays(150));
        X509Certificate old = identity.current().authority();
        AuthorityRollover rollover =
                new AuthorityRollover(directory.resolve("ca"), InstantSource.system());
        SiteTrust trust = new SiteTrust(identity, () -> {});
        rollover.begin();
        trust.onAuthorities(bundle());
        renewal.poll(0);
        assertEquals(List.of(), sent);

        authority = rollover.activate();
        trust.onAuthorities(bundle());
        renewal.poll(0);
        renewal.onReply(answer(), S);

        assertEquals(authority.certificate(), identity.current().authority());
        assertEquals(1, otherAuthorities);
        renewal.poll(2 * S);
        assertEquals(1, sent.size());
        rollover.end();
        trust.onRevocations(
                Authority.load(directory.resolve("ca"), InstantSource.system())
                        .revocations()
                        .getEncoded());
        reopen();
        assertTrue(identity.verifier().trust().isWithdrawn(old));
    }

    private List<ByteString> bundle() throws Exception {
        List<ByteString> told = new ArrayList<>();
        for (X509Certificate each : Trust.read(directory.resolve("ca")).bundle()) {
            told.add(ByteString.copyFrom(each.getEncoded()));
        }
        return told;
    }

    private RenewReply answer() throws GeneralSecurityException, IOException {
        PeerIdentity holder =
                identity.current()
                        .verifier(() -> authorityTime)
                        .verify(identity.current().certificate());
        authorityTime = InstantSource.system().instant();
        byte[] csr = sent.getLast().getRenew().getCsr().toByteArray();
        ByteString issued = ByteString.copyFrom(authority.renew(csr, holder));
        return RenewReply.newBuilder().setCertificate(issued).build();
    }

    private void save(long nowNs) {
        identity.memory().noteChange(nowNs);
        long settledNs = nowNs + SiteMemory.SETTLE_NS;
        identity.memory().poll(settledNs, () -> Optional.of(state()), Runnable::run);
    }

    private SavedState state() {
        SiteEntry london = SiteEntry.newBuilder().setId(1002).setName("london").build();
        return SavedState.newBuilder()
                .setSavedMs(authorityTime.toEpochMilli())
                .setDirectory(Directory.newBuilder().setGeneration(1).addSites(london))
                .build();
    }

    private boolean send(Frame frame) {
        return isConnected && sent.add(frame);
    }

    private Path home() {
        return directory.resolve("home");
    }
}
