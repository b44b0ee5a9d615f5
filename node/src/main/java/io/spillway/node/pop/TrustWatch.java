package io.spillway.node.pop;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the account's authorities and revocation lists on disk, in the authority's directory if
 * this PoP has it, else in its own identity's, so that {@code spillway pki} works while the PoP
 * runs.
 */
final class TrustWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustWatch.class);
    private static final long INTERVAL_S = 2;

    private final PopIdentity identity;
    private final TrustFeed feed;
    private final Runnable onChanged;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("trust").daemon().factory());
    private boolean isPublished;
    private String failure = "";

    private TrustWatch(PopIdentity identity, TrustFeed feed, Runnable onChanged) {
        this.identity = identity;
        this.feed = feed;
        this.onChanged = onChanged;
    }

    /**
     * @param onChanged called on a thread of the watch
     */
    static TrustWatch start(PopIdentity identity, TrustFeed feed, Runnable onChanged) {
        TrustWatch watch = new TrustWatch(identity, feed, onChanged);
        watch.executor.scheduleWithFixedDelay(watch::look, 0, INTERVAL_S, TimeUnit.SECONDS);
        return watch;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private void look() {
        try {
            if (identity.look() || !isPublished) {
                feed.publish(identity.verifier().trust());
                isPublished = true;
                onChanged.run();
            }
            failure = "";
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(failure)) {
                LOG.warn("authorities, revocations or certificate: {}", why);
            }
            failure = why;
        }
    }
}
