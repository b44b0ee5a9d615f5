package io.spillway.node.lab;

import io.spillway.control.event.RecoveryEvents;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The PoP dies, and with it whatever it would have told anybody: each site tells a receiver on the
 * Internet itself that it has left the cloud, and that it is back, each once and signed.
 */
final class NoticesStory {
    private static final double NOTICE_MAX_MS = 5_000;
    private static final long WAIT_MS = 15_000;
    private static final String ACTIVATED = RecoveryEvents.ACTIVATED;
    private static final String STOPPED = RecoveryEvents.STOPPED;

    private final Stage stage;
    private final NoticeReceiver receiver;

    NoticesStory(Stage stage) throws IOException {
        this.stage = stage;
        receiver = new NoticeReceiver(stage.directory());
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        try (HostThreads host = new HostThreads()) {
            host.start(NoticeReceiver.namespace(stage.network()), receiver);
            stage.open();
            stage.awaitCalm();
            test(result);
            cut(result);
            stage.comeBack(result);
            stage.awaitThat("told of the return", () -> areTold(STOPPED), WAIT_MS);
            judge(result);
        }
    }

    private void test(ScenarioResult.Builder result) throws IOException {
        stage.phase("a test notice from every node");
        long passed = 0;
        for (NodeProcess site : stage.sites()) {
            String verdict = site.ask("notices-test").path("verdict").asString("");
            passed += verdict.equals("PASSED") ? 1 : 0;
        }
        result.exactly("testsPassed", passed, stage.sites().size(), "tests");
    }

    private void cut(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        long cutMs = System.currentTimeMillis();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.awaitThat("told of recovery", () -> areTold(ACTIVATED), WAIT_MS);
        for (NodeProcess site : stage.sites()) {
            double tookMs = of(site, ACTIVATED).getFirst().atMs() - cutMs;
            result.atMost("toldAfterMs " + site.name(), tookMs, NOTICE_MAX_MS, "ms");
        }
    }

    private boolean areTold(String message) {
        return stage.sites().stream().noneMatch(site -> of(site, message).isEmpty());
    }

    private List<NoticeReceiver.Taken> of(NodeProcess site, String message) {
        return receiver.taken().stream()
                .filter(taken -> taken.isFrom(site) && taken.says(message))
                .toList();
    }

    private void judge(ScenarioResult.Builder result) {
        List<NoticeReceiver.Taken> all = receiver.taken();
        for (String message : List.of(ACTIVATED, STOPPED)) {
            long count = all.stream().filter(taken -> taken.says(message)).count();
            result.exactly("notices " + message, count, stage.sites().size(), "notices");
        }
        long unsigned = all.stream().filter(taken -> !taken.isSigned()).count();
        result.exactly("wronglySigned", unsigned, 0, "notices");
        Set<String> ids = all.stream().map(NoticeReceiver.Taken::id).collect(Collectors.toSet());
        result.exactly("twice", all.size() - ids.size(), 0, "notices");
    }
}
