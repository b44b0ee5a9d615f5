package io.spillway.node.site;

import io.spillway.control.wire.Frame;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** The site's own: hands each frame to whom it concerns. Owned by control. */
final class SiteCredentials implements Credentials {
    private final SiteClock clock;
    private final Consumer<byte[]> revocations;
    private final Executor files;

    /**
     * @param revocations takes DER, by {@code files}
     * @param files may block
     */
    SiteCredentials(SiteClock clock, Consumer<byte[]> revocations, Executor files) {
        this.clock = clock;
        this.revocations = revocations;
        this.files = files;
    }

    @Override
    public void onFrame(Frame frame) {
        switch (frame.getBodyCase()) {
            case CLOCK -> clock.onPop(frame.getClock().getTimeMs());
            case REVOCATIONS -> {
                byte[] crl = frame.getRevocations().getCrl().toByteArray();
                files.execute(() -> revocations.accept(crl));
            }
            default -> {} // pings are the connection's
        }
    }

    @Override
    public void poll(long nowNs) {
        clock.check();
    }

    /** For {@code status}. */
    void describe(ObjectNode answer) {
        ClockAnswers.describe(answer.putObject("clock"), clock);
    }
}
