package io.spillway.crypto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.Session;
import io.spillway.crypto.TestAccount;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both roles against OpenSSL's command line, with mutual certificates, data both ways. */
class OpenSslTest {
    @TempDir static Path directory;
    private static TestParty party;

    @BeforeAll
    static void issueIdentities() throws Exception {
        OpenSsl.requireInstalled();
        party = new TestParty(directory);
    }

    @ParameterizedTest
    @EnumSource
    void shouldServeOpenSslClient(RecordSuite suite) throws Exception {
        try (UdpEnd ours = new UdpEnd(party.acceptor());
                OpenSsl client =
                        client(ours, party.alice.name(), party.account, "-cipher", name(suite))) {
            assertTalks(ours, client, suite, 1001);
        }
    }

    @Test
    void shouldServeOpenSslClientOnNarrowPath() throws Exception {
        try (UdpEnd ours = new UdpEnd(party.acceptor());
                OpenSsl client = client(ours, party.alice.name(), party.account, "-mtu", "300")) {
            assertTalks(ours, client, RecordSuite.AES_128_GCM, 1001);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldConnectToOpenSslServer(RecordSuite suite) throws Exception {
        int port = freePort();
        try (OpenSsl server = server(port, party.bob.name(), "-cipher", name(suite));
                UdpEnd ours = new UdpEnd(party.connector())) {
            ours.connect(port);

            assertTalks(ours, server, suite, 1002);
        }
    }

    /** As server OpenSSL 3.0 does not use such a key below TLS 1.2 proper, so not with DTLS. */
    @Test
    void shouldAcceptClientWithEd25519Key() throws Exception {
        CertifiedName name = party.account.issueEd25519(1003);

        try (UdpEnd ours = new UdpEnd(party.acceptor());
                OpenSsl client = client(ours, name, party.account)) {
            assertTalks(ours, client, RecordSuite.AES_128_GCM, 1003);
        }
    }

    @Test
    void shouldRefuseForeignOpenSslClient() throws Exception {
        TestAccount foreign = new TestAccount(directory, "foreign", TestParty.CLOCK);
        try (UdpEnd ours = new UdpEnd(party.acceptor());
                OpenSsl client = client(ours, foreign.site(1).name(), foreign)) {
            assertTrue(ours.failure().startsWith("FOREIGN_ACCOUNT: "), ours.failure());
            client.awaitOutput("alert");
        }
    }

    @Test
    void shouldRefuseOpenSslClientWithoutCertificate() throws Exception {
        List<String> arguments = arguments("s_client", party.account);
        try (UdpEnd ours = new UdpEnd(party.acceptor());
                OpenSsl client = start(arguments, "-connect", "127.0.0.1:" + ours.port())) {
            assertTrue(ours.failure().startsWith("NO_CERTIFICATE: "), ours.failure());
            client.awaitOutput("alert");
        }
    }

    private static void assertTalks(UdpEnd ours, OpenSsl theirs, RecordSuite suite, long siteId)
            throws Exception {
        HandshakeResult result;
        try {
            result = ours.result();
        } catch (Exception e) {
            throw new AssertionError(theirs.output(), e);
        }
        assertEquals(suite, result.keys().suite());
        assertEquals(siteId, result.peer().siteId());
        assertEquals(0, result.remoteConnectionId().length);
        try (Session session = TestSessions.of(result)) {
            for (String text : new String[] {"first", "second"}) {
                theirs.type(text + " from OpenSSL");
                assertEquals(text + " from OpenSSL\n", ours.nextText(session));
                ours.send(TestSessions.seal(session, text + " from us\n"));
                theirs.awaitOutput(text + " from us");
            }
        }
    }

    private static OpenSsl client(
            UdpEnd ours, CertifiedName shown, TestAccount issuer, String... more)
            throws IOException {
        List<String> arguments = arguments("s_client", party.account);
        arguments.addAll(credentials(issuer, shown));
        arguments.addAll(List.of(more));
        return start(arguments, "-connect", "127.0.0.1:" + ours.port());
    }

    private static OpenSsl server(int port, CertifiedName shown, String... more)
            throws IOException {
        List<String> arguments = arguments("s_server", party.account);
        arguments.addAll(credentials(party.account, shown));
        arguments.addAll(List.of("-Verify", "1"));
        arguments.addAll(List.of(more));
        return start(arguments, "-accept", "127.0.0.1:" + port);
    }

    private static OpenSsl start(List<String> arguments, String option, String endpoint)
            throws IOException {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(option, endpoint));
        return OpenSsl.start(all);
    }

    private static List<String> arguments(String role, TestAccount trusted) {
        return new ArrayList<>(
                List.of(
                        role,
                        "-dtls1_2",
                        "-quiet",
                        "-verify_return_error",
                        "-CAfile",
                        trusted.authorityFile().toString()));
    }

    private static List<String> credentials(TestAccount account, CertifiedName name) {
        Path home = account.directoryOf(name);
        return List.of(
                "-cert",
                home.resolve("certificate.pem").toString(),
                "-key",
                home.resolve("key.pem").toString());
    }

    private static String name(RecordSuite suite) {
        return switch (suite) {
            case AES_128_GCM -> "ECDHE-ECDSA-AES128-GCM-SHA256";
            case AES_256_GCM -> "ECDHE-ECDSA-AES256-GCM-SHA384";
            case CHACHA20_POLY1305 -> "ECDHE-ECDSA-CHACHA20-POLY1305";
        };
    }

    private static int freePort() throws IOException {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
