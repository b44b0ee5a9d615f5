package io.spillway.node.pop.api;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import io.spillway.crypto.ServerCertificate;
import io.spillway.node.PopConfig;
import io.spillway.node.channel.EndpointText;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.agrona.concurrent.NanoClock;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Listens for the account's API: HTTPS, or HTTP on the loopback. Requests are answered by threads
 * of its own, so many at once; who is slow to ask or to read is cut off.
 */
public final class ApiServer implements AutoCloseable {
    public static final String PATH = "/api/v1/graphql2";

    static final int CONNECTIONS_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int THREADS_MAX = 32;
    private static final int THREADS_MIN = 4;
    private static final int THREAD_IDLE_MS = 60_000;
    private static final int CONNECTION_IDLE_MS = 10_000;

    private static final int HEADERS_LENGTH_MAX = 8 << 10;
    private static final int NOT_ALLOWED = 405;
    private static final int FAULT = 500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ApiRequests requests;
    private final Javalin javalin;

    /**
     * What the API needs from the PoP.
     *
     * @param snapshot of its present state; called by threads that may wait, several at once
     */
    public record Source(
            String account,
            Supplier<AccountSnapshot> snapshot,
            EventStore events,
            InstantSource wallClock,
            NanoClock clock) {}

    private ApiServer(PopConfig.Api config, SSLContext tls, Source source) {
        AuditLog audit = new AuditLog(config.store(), source.wallClock());
        AccountQueries accounts = new AccountQueries(source.account(), source.snapshot());
        requests =
                new ApiRequests(
                        new ApiKeys(config.store(), source.wallClock()),
                        new RefusedKeys(audit, source.clock()),
                        source.wallClock(),
                        source.clock(),
                        ApiSchema.join(
                                accounts,
                                new EntityQueries(source.account(), accounts),
                                new EventQueries(source.account(), source.events()),
                                new RateLimits(source.clock())));
        javalin = Javalin.create(javalin -> configure(javalin, config, tls));
    }

    /**
     * Listens until {@link #close}.
     *
     * @throws IOException naming what is wrong with address or certificate
     */
    public static ApiServer open(PopConfig.Api config, Source source) throws IOException {
        ApiServer server = new ApiServer(config, tls(config), source);
        try {
            server.javalin.start();
        } catch (JavalinException e) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IOException(
                    "api.listen: " + EndpointText.of(config.listen()) + ": " + why, e);
        }
        return server;
    }

    /** Where it listens, also if that was for the kernel to choose. */
    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    /** Null: there is none. */
    private static SSLContext tls(PopConfig.Api config) throws IOException {
        if (config.certificate() == null) {
            return null;
        }
        ServerCertificate certificate = ServerCertificate.read(config.certificate(), config.key());
        certificate.warning().ifPresent(LOG::warn);
        return certificate.context();
    }

    private void configure(JavalinConfig javalin, PopConfig.Api config, SSLContext tls) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.startup.startupWatcherEnabled = false;
        javalin.http.prefer405over404 = true;
        QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN, THREAD_IDLE_MS);
        threads.setName("api");
        threads.setDaemon(true);
        javalin.jetty.threadPool = threads;
        javalin.jetty.modifyServer(ApiServer::plainErrors);
        javalin.jetty.modifyHttpConfiguration(ApiServer::bound);
        javalin.jetty.addConnector((server, http) -> connector(server, http, config, tls));
        javalin.routes.post(PATH, this::answer);
        javalin.routes.exception(HttpResponseException.class, ApiServer::refuse);
        javalin.routes.exception(Exception.class, ApiServer::fail);
    }

    /** For what does not even come as far as a request. */
    private static void plainErrors(Server server) {
        ErrorHandler errors = new ErrorHandler();
        errors.setShowStacks(false);
        errors.setShowCauses(false);
        server.setErrorHandler(errors);
    }

    private static void bound(HttpConfiguration http) {
        http.setRequestHeaderSize(HEADERS_LENGTH_MAX);
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
    }

    private static Connector connector(
            Server server, HttpConfiguration http, PopConfig.Api config, SSLContext tls) {
        ServerConnector connector =
                new ServerConnector(server, null, null, null, 1, 1, protocols(http, tls));
        connector.setHost(config.listen().getAddress().getHostAddress());
        connector.setPort(config.listen().getPort());
        connector.setIdleTimeout(CONNECTION_IDLE_MS);
        connector.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
        return connector;
    }

    private static ConnectionFactory[] protocols(HttpConfiguration http, SSLContext tls) {
        if (tls == null) {
            return new ConnectionFactory[] {new HttpConnectionFactory(http)};
        }
        // Whoever asks compares the name with the certificate; that is not for us to do.
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls);
        return new ConnectionFactory[] {
            new SslConnectionFactory(factory, "http/1.1"), new HttpConnectionFactory(http)
        };
    }

    private void answer(Context context) {
        send(
                context,
                requests.answer(
                        context.header("x-api-key"),
                        context.req().getRemoteAddr(),
                        context.contentType(),
                        context.bodyInputStream()));
    }

    /** No such path, or not by that method. */
    private static void refuse(HttpResponseException refused, Context context) {
        if (refused.getStatus() == NOT_ALLOWED) {
            context.header("Allow", "POST");
        }
        String message = "expected POST " + PATH;
        send(context, ApiAnswer.refusal(refused.getStatus(), message));
    }

    /** By the caller, as Jetty finds out while it reads; or by us. */
    private static void fail(Exception failure, Context context) {
        if (failure instanceof HttpException bad) {
            send(context, ApiAnswer.refusal(bad.getCode(), bad.getReason()));
            return;
        }
        LOG.error("API", failure);
        send(context, ApiAnswer.refusal(FAULT, "an error of the PoP's own; its log has more"));
    }

    private static void send(Context context, ApiAnswer answer) {
        context.status(answer.status());
        context.header("Cache-Control", "no-store");
        context.header("X-Content-Type-Options", "nosniff");
        if (answer.retryAfterS() > 0) {
            context.header("Retry-After", Long.toString(answer.retryAfterS()));
        }
        context.contentType("application/json");
        context.result(JSON.writeValueAsBytes(answer.body()));
    }
}
