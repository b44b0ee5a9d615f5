package io.spillway.node.notify;

import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a command socket answers of notices. */
public final class NoticeAnswers {
    private NoticeAnswers() {}

    /**
     * Handlers that may block.
     *
     * @param notifier null: nobody is told
     */
    public static Map<String, Function<JsonNode, JsonNode>> of(Notifier notifier) {
        return Map.of(
                "notices", _ -> notifier == null ? nobody() : standing(notifier),
                "notices-test", _ -> notifier == null ? nobody() : test(notifier));
    }

    private static ObjectNode nobody() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("error", "nobody is told: the configuration has no notices");
    }

    private static ObjectNode standing(Notifier notifier) {
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        ArrayNode rows = answer.putArray("notices");
        for (NoticeSender sender : notifier.senders()) {
            NoticeSender.Standing standing = sender.standing();
            rows.addObject()
                    .put("name", sender.target().name())
                    .put("to", sender.target().place())
                    .put("sent", standing.sent())
                    .put("refused", standing.refused())
                    .put("omitted", standing.omitted())
                    .put("failure", standing.failure());
        }
        return answer;
    }

    private static ObjectNode test(Notifier notifier) {
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        ArrayNode rows = answer.putArray("notices");
        boolean isWell = true;
        for (Notifier.Trial trial : notifier.test()) {
            isWell &= trial.failure().isEmpty();
            rows.addObject()
                    .put("name", trial.target())
                    .put("to", trial.place())
                    .put("arrived", trial.failure().isEmpty())
                    .put("tookMs", trial.tookMs())
                    .put("failure", trial.failure());
        }
        return answer.put("verdict", isWell ? "PASSED" : "FAILED");
    }
}
