package io.spillway.node.notify;

import io.spillway.node.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** A syslog server on the loopback, with TLS, for one connection. */
final class SyslogServer implements AutoCloseable {
    private static final char[] PASSWORD = "test".toCharArray();

    private final SSLServerSocket socket;
    private final Path certificateFile;
    private final CompletableFuture<String> received = new CompletableFuture<>();

    private SyslogServer(SSLServerSocket socket, Path certificateFile) {
        this.socket = socket;
        this.certificateFile = certificateFile;
    }

    /**
     * @param name that its certificate is for
     */
    static SyslogServer open(Path directory, String name) throws Exception {
        Instant now = Instant.now();
        TestCertificate own =
                TestCertificate.of(
                        name, now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("server", own.key(), PASSWORD, new Certificate[] {own.certificate()});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
        managers.init(store, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        SSLServerSocket socket =
                (SSLServerSocket)
                        tls.getServerSocketFactory()
                                .createServerSocket(0, 1, InetAddress.getByName("localhost"));
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            writer.writeObject(own.certificate());
        }
        Path file = Files.writeString(directory.resolve("server.pem"), pem.toString());
        SyslogServer server = new SyslogServer(socket, file);
        Thread.ofVirtual().start(server::serve);
        return server;
    }

    private void serve() {
        try (SSLSocket client = (SSLSocket) socket.accept();
                InputStream input = client.getInputStream()) {
            received.complete(new String(input.readAllBytes()));
        } catch (IOException e) {
            received.completeExceptionally(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    Path certificateFile() {
        return certificateFile;
    }

    /** All that the client said. */
    String received() throws Exception {
        return received.get(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
