package io.spillway.node.notify;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.spillway.node.NoticesConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Tells by syslog over TLS (RFC 5425), a connection for each notice. Syslog has no answers: what
 * was handed to a connection that stands counts as told.
 */
final class SyslogTarget implements NoticeTarget {
    private static final long WRITE_MAX_MS = 5000;

    private final NoticesConfig.Syslog config;
    private final SyslogText text;
    private final Dialer dialer;
    private final Dialer.Remote remote;

    /**
     * @throws IOException naming what cannot be read
     */
    SyslogTarget(NoticesConfig.Syslog config, NoticeOrigin origin, Dialer dialer)
            throws IOException {
        this.config = config;
        this.dialer = dialer;
        text = new SyslogText(origin);
        remote =
                new Dialer.Remote(config.server(), config.port(), TargetTls.client(config.trust()));
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String place() {
        return "syslog://" + config.server() + ":" + config.port();
    }

    @Override
    public void send(Notice notice) throws IOException {
        byte[] message = text.of(notice).getBytes(StandardCharsets.UTF_8);
        byte[] count = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
        Channel channel = dialer.open(remote, _ -> {});
        try {
            Dialer.await(
                    channel.writeAndFlush(Unpooled.wrappedBuffer(count, message)),
                    WRITE_MAX_MS,
                    "not written");
        } finally {
            channel.close();
        }
    }
}
