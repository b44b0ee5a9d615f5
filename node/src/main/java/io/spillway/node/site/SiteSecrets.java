package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.crypto.KeyLog;
import io.spillway.node.capture.SessionSecrets;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Lets a capture have keys, of sessions that begin for it and end with it; who had them is an
 * event.
 */
final class SiteSecrets implements SessionSecrets {
    static final String BEGUN = "Capture with keys begun";
    static final String ENDED = "Capture with keys ended";

    private final KeyLog keyLog;
    private final SiteControl control;
    private final Executor agent;

    /**
     * @param agent runs tasks on the control thread
     */
    SiteSecrets(KeyLog keyLog, SiteControl control, Executor agent) {
        this.keyLog = keyLog;
        this.control = control;
        this.agent = agent;
    }

    @Override
    public void begin(String who, Consumer<byte[]> listener) {
        keyLog.follow(listener);
        agent.execute(() -> change(BEGUN, who));
    }

    @Override
    public void end(String who) {
        keyLog.follow(null);
        agent.execute(() -> change(ENDED, who));
    }

    private void change(String message, String who) {
        control.changeKeys();
        control.events()
                .append(
                        new EventDraft(
                                EventType.CAPTURE_WITH_KEYS,
                                message,
                                Map.of(EventField.USER_NAME, who)));
    }
}
