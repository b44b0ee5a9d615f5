package io.spillway.node;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Who is told what happened, straight from this machine.
 *
 * @param tell kinds of notices, by label
 */
public record NoticesConfig(List<String> tell, List<Webhook> webhooks, List<Syslog> syslog) {
    /**
     * A receiver of HTTP POSTs.
     *
     * @param secretFile that they are signed with; null: they are not
     * @param trust PEM file of authorities; null: those of this machine's Java
     */
    public record Webhook(String name, URI url, Path secretFile, Path trust) {}

    /**
     * A syslog server, TCP with TLS.
     *
     * @param server host name or address
     * @param trust as above
     */
    public record Syslog(String name, String server, int port, Path trust) {}

    public NoticesConfig {
        tell = List.copyOf(tell);
        webhooks = List.copyOf(webhooks);
        syslog = List.copyOf(syslog);
    }

    void check(ConfigTree tree) {
        NoticesChecks.check(this, tree);
    }
}
