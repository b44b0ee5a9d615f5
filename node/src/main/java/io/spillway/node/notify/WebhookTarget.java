package io.spillway.node.notify;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.spillway.node.NodeVersion;
import io.spillway.node.NoticesConfig;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.agrona.concurrent.EpochClock;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells by an HTTP POST of JSON, signed where a secret is known. What is not taken for a reason
 * that may pass is tried again; what is refused for good is not.
 */
final class WebhookTarget implements NoticeTarget {
    private static final long MS_PER_S = 1000;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Of the answers that blame the caller, those that somebody may yet set right. */
    private static final Set<HttpResponseStatus> PASSING =
            Set.of(
                    HttpResponseStatus.UNAUTHORIZED,
                    HttpResponseStatus.FORBIDDEN,
                    HttpResponseStatus.NOT_FOUND,
                    HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED,
                    HttpResponseStatus.REQUEST_TIMEOUT,
                    HttpResponseStatus.valueOf(425),
                    HttpResponseStatus.TOO_MANY_REQUESTS);

    private final NoticesConfig.Webhook config;
    private final NoticeOrigin origin;
    private final Dialer dialer;
    private final Dialer.Remote remote;
    private final WebhookSecret secret; // null: not signed
    private final EpochClock wallClock;

    /**
     * @throws IOException naming what cannot be read
     */
    WebhookTarget(
            NoticesConfig.Webhook config, NoticeOrigin origin, Dialer dialer, EpochClock wallClock)
            throws IOException {
        this.config = config;
        this.origin = origin;
        this.dialer = dialer;
        this.wallClock = wallClock;
        URI url = config.url();
        boolean isSecure = url.getScheme().equals("https");
        int usual = isSecure ? HTTPS_PORT : HTTP_PORT;
        remote =
                new Dialer.Remote(
                        hostOf(url),
                        url.getPort() < 0 ? usual : url.getPort(),
                        isSecure ? TargetTls.client(config.trust()) : null);
        secret = config.secretFile() == null ? null : WebhookSecret.read(config.secretFile());
    }

    /** IPv6 without brackets. */
    private static String hostOf(URI url) {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String place() {
        return config.url().getScheme() + "://" + config.url().getAuthority();
    }

    @Override
    public void send(Notice notice) throws IOException {
        WebhookAnswer answer = new WebhookAnswer();
        Channel channel =
                dialer.open(remote, pipeline -> pipeline.addLast(new HttpClientCodec(), answer));
        try {
            channel.writeAndFlush(request(notice));
            judge(answer.await());
        } finally {
            channel.close();
        }
    }

    private FullHttpRequest request(Notice notice) {
        byte[] body = JsonMapper.shared().writeValueAsBytes(notice.json(origin));
        URI url = config.url();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String target = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        ByteBuf content = Unpooled.wrappedBuffer(body);
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, target, content);
        request.headers()
                .set(HttpHeaderNames.HOST, url.getAuthority())
                .set(HttpHeaderNames.USER_AGENT, NodeVersion.TEXT)
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (secret != null) {
            String time = Long.toString(wallClock.time() / MS_PER_S);
            request.headers()
                    .set(WebhookSecret.TIME_HEADER, time)
                    .set(WebhookSecret.SIGNATURE_HEADER, secret.sign(time, body));
        }
        return request;
    }

    private static void judge(HttpResponseStatus status) throws IOException {
        if (status.codeClass() == HttpStatusClass.SUCCESS) {
            return;
        }
        boolean isFinal =
                status.codeClass() == HttpStatusClass.CLIENT_ERROR && !PASSING.contains(status);
        if (isFinal) {
            throw new NoticeRefusedException("answer " + status);
        }
        throw new IOException("answer " + status);
    }
}
