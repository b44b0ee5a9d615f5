package io.spillway.node.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.node.PopConfig;
import io.spillway.node.channel.ChannelConnection;
import io.spillway.node.channel.ChannelServer;
import io.spillway.node.channel.ChannelServerConfig;
import io.spillway.node.channel.ChannelServerListener;
import io.spillway.node.channel.ChannelThread;
import io.spillway.node.channel.ChannelTiming;
import io.spillway.node.channel.Enroller;
import io.spillway.node.channel.TestAccount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EnrolmentTest {
    private static final long SITE = 1001;

    @TempDir Path directory;
    private final ChannelThread thread = ChannelThread.start();
    private TestAccount acme;
    private Identity pop;
    private EnrolTokens tokens;
    private ChannelServer server;
    private Path home;

    @BeforeEach
    void startPop() throws IOException {
        acme = new TestAccount(directory, "acme");
        pop = acme.pop();
        tokens = new EnrolTokens(directory.resolve("state"), TestAccount.CLOCK);
        server = serve(new Enrolment(acme::authority, tokens, TestAccount.CLOCK));
        home = directory.resolve("home");
    }

    @AfterEach
    void closeAll() {
        server.close();
        thread.close();
    }

    @Test
    void shouldBecomeASiteWithItsOwnKey() throws IOException {
        CertifiedName name = Join.run(token(acme), home, TestAccount.CLOCK);

        Identity identity = Identity.load(home, TestAccount.CLOCK);
        assertEquals(CertifiedName.site("acme", SITE, "berlin"), name);
        assertEquals(acme.authority().certificate(), identity.authority());
        assertTrue(identity.warnings().isEmpty());
        String mode =
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.resolve("key.pem")));
        assertEquals("rw-------", mode);
        assertTrue(Files.exists(home.resolve("revoked.crl")));
    }

    @Test
    void shouldRefuseTokenThatWasUsed() throws IOException {
        JoinToken token = token(acme);
        Join.run(token, home, TestAccount.CLOCK);

        Path other = directory.resolve("other");
        assertRefused("token was used already", token, other);

        assertFalse(Files.exists(other.resolve("certificate.pem")));
    }

    @Test
    void shouldRefuseTokenOfAnotherSite() throws IOException {
        JoinToken token = token(acme);
        JoinToken forged = new JoinToken(1002, token.pop(), token.secret(), token.fingerprint());

        assertRefused("token was made for another site than 1002", forged, home);
    }

    @Test
    void shouldNotTurnOneSiteIntoAnother() throws IOException {
        Join.run(token(acme), home, TestAccount.CLOCK);
        byte[] secret = tokens.issue(1002, "paris");
        JoinToken second = tokenWith(1002, secret, acme);

        assertRefused("this is site 1001 of account acme already", second, home);

        assertEquals(1002, tokens.redeem(1002, secret).siteId());
    }

    @Test
    void shouldNotGiveTheSecretToAPopOfAnotherAuthority() throws IOException {
        byte[] secret = tokens.issue(SITE, "berlin");
        JoinToken token = tokenWith(SITE, secret, new TestAccount(directory, "globex"));

        assertRefused("UNKNOWN_AUTHORITY: ", token, home);

        assertEquals(SITE, tokens.redeem(SITE, secret).siteId());
    }

    @Test
    void shouldSayThatThePopCannotEnrol() throws IOException {
        JoinToken token = token(acme);
        server.close();
        server = serve(Enroller.UNAVAILABLE);
        JoinToken moved = new JoinToken(SITE, server.local(), token.secret(), token.fingerprint());

        assertRefused("this PoP does not enrol sites", moved, home);
    }

    @Test
    void shouldSayThatNobodyIsThere() throws IOException {
        JoinToken token = token(acme);
        server.close();

        assertRefused("Connection refused", token, home);
    }

    @Test
    void shouldWorkFromTheCommandLine() throws Exception {
        Path config = popConfig("authority: " + acme.authorityDirectory() + "\n");

        Run issued =
                Run.of(
                        new EnrollTokenCommand(),
                        "1001",
                        "--config",
                        config.toString(),
                        "--name",
                        "berlin");
        Run joined = Run.of(new JoinCommand(), issued.out(), "--identity", home.toString());
        Run again = Run.of(new JoinCommand(), issued.out(), "--identity", home.toString());

        assertEquals(0, issued.status(), issued.err());
        assertEquals(0, joined.status(), joined.err());
        assertEquals(home + ": site 1001 of account acme", joined.out());
        assertEquals(1, again.status());
        assertTrue(again.err().contains("token was used already"), again.err());
    }

    @Test
    void shouldRefuseBadUseOfTheCommands() throws Exception {
        Path config = popConfig("");

        Run unable = Run.of(new EnrollTokenCommand(), "1001", "--config", config.toString());
        Run zero = Run.of(new EnrollTokenCommand(), "0", "--config", config.toString());
        Run damaged = Run.of(new JoinCommand(), "spillway1_AAAA", "--identity", home.toString());

        assertEquals(1, unable.status());
        assertTrue(unable.err().contains("'authority' is not set"), unable.err());
        assertEquals(2, zero.status());
        assertEquals(2, damaged.status());
        assertTrue(damaged.err().contains("join token is damaged"), damaged.err());
    }

    @Test
    void shouldRefuseAuthorityThatIsNotThePops() throws Exception {
        TestAccount globex = new TestAccount(directory, "globex");
        PopConfig foreign =
                PopConfig.read(popConfig("authority: " + globex.authorityDirectory() + "\n"));
        PopConfig none = PopConfig.read(popConfig(""));

        EnrolException refused =
                assertThrows(
                        EnrolException.class, () -> Enrolment.of(foreign, pop, TestAccount.CLOCK));

        assertTrue(refused.getMessage().contains("is not the authority that issued"));
        assertEquals(Enroller.UNAVAILABLE, Enrolment.of(none, pop, TestAccount.CLOCK));
    }

    private JoinToken token(TestAccount account) throws IOException {
        return tokenWith(SITE, tokens.issue(SITE, "berlin"), account);
    }

    private JoinToken tokenWith(long siteId, byte[] secret, TestAccount account) {
        byte[] fingerprint = Fingerprint.of(account.authority().certificate());
        return new JoinToken(siteId, server.local(), secret, fingerprint);
    }

    private Path popConfig(String more) throws IOException {
        String text =
                """
                pop: {name: frankfurt, account: acme}
                identity: %s
                state: %s
                commandSocket: /run/spillway/pop.sock
                listen: {address: 127.0.0.1, device: lo, tunnelPort: 443, channelPort: %d}
                """
                        .formatted(
                                directory.resolve("pop"),
                                directory.resolve("state"),
                                server.local().getPort());
        return Files.writeString(directory.resolve("pop.yaml"), text + more);
    }

    private ChannelServer serve(Enroller enroller) throws IOException {
        return ChannelServer.open(
                thread,
                new ChannelServerConfig(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        pop,
                        pop.verifier(TestAccount.CLOCK),
                        Set.of(),
                        enroller,
                        ChannelServerConfig.CONNECTIONS_MAX,
                        ChannelTiming.DEFAULT),
                new Nobody());
    }

    private static void assertRefused(String reason, JoinToken token, Path home) {
        EnrolException refused =
                assertThrows(EnrolException.class, () -> Join.run(token, home, TestAccount.CLOCK));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    private record Run(int status, String out, String err) {
        static Run of(Object command, String... args) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int status =
                    new CommandLine(command)
                            .setOut(new PrintWriter(out, true))
                            .setErr(new PrintWriter(err, true))
                            .execute(Arrays.copyOf(args, args.length));
            return new Run(status, out.toString().strip(), err.toString().strip());
        }
    }

    /** No site ever gets as far as the channel here. */
    private static final class Nobody implements ChannelServerListener {
        @Override
        public void onAccepted(ChannelConnection connection) {
            throw new IllegalStateException(connection.toString());
        }

        @Override
        public void onFrame(ChannelConnection connection, Frame frame) {
            throw new IllegalStateException(connection.toString());
        }

        @Override
        public void onClosed(ChannelConnection connection, String reason) {
            throw new IllegalStateException(connection.toString());
        }
    }
}
