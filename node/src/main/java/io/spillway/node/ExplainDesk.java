package io.spillway.node;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.path.Rehearsal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers {@code spillway explain}. Of addresses control answers alone; a whole packet is rehearsed
 * by the data plane's own steps, with what its agent has at that moment.
 */
public final class ExplainDesk {
    private static final String BUSY = "the data plane is busy, try again";
    private static final long ANSWER_MAX_MS = 3_000;

    /** Who knows what the node is. On control's thread; each refuses what makes no sense. */
    public interface Expert {
        /**
         * @throws IllegalArgumentException naming the option and what was expected
         */
        ObjectNode ofAddresses();

        /**
         * Where the packet comes in.
         *
         * @throws IllegalArgumentException naming the option and what was expected
         */
        Rehearsal.Door door(AskedPacket packet);

        /** The stage is set; the rehearsal is the caller's to close. */
        ObjectNode ofPacket(AskedPacket packet, Rehearsal rehearsal);
    }

    /** Makes who answers the request. */
    public interface Experts {
        /**
         * @throws IllegalArgumentException naming the option and what was expected
         */
        Expert of(JsonNode request);
    }

    private ExplainDesk() {}

    /**
     * On the asking thread, which waits.
     *
     * @param begin on control's thread
     */
    public static JsonNode await(Executor onControl, Consumer<CompletableFuture<JsonNode>> begin) {
        CompletableFuture<JsonNode> over = new CompletableFuture<>();
        onControl.execute(() -> begin.accept(over));
        return over.orTimeout(ANSWER_MAX_MS, TimeUnit.MILLISECONDS).join();
    }

    /**
     * On control's thread.
     *
     * @param onControl where the answer is made when the data plane has given what it knows
     */
    public static void begin(
            JsonNode request,
            Experts experts,
            DataPlaneCommands commands,
            Executor onControl,
            CompletableFuture<JsonNode> over) {
        try {
            AskedPacket packet = AskedPacket.of(request);
            Expert expert = experts.of(request);
            if (packet == null) {
                over.complete(expert.ofAddresses());
            } else {
                stage(packet, expert, commands, onControl, over);
            }
        } catch (IllegalArgumentException e) {
            over.complete(ExplainAnswers.refusal(e.getMessage()));
        } catch (RuntimeException e) {
            over.completeExceptionally(e);
        }
    }

    private static void stage(
            AskedPacket packet,
            Expert expert,
            DataPlaneCommands commands,
            Executor onControl,
            CompletableFuture<JsonNode> over) {
        Rehearsal rehearsal = new Rehearsal(packet.bytes(), expert.door(packet));
        AskedPacket first = packet.first();
        if (first != null) {
            rehearsal.precede(first.bytes());
        }
        Runnable staged = () -> over.completeAsync(() -> end(packet, expert, rehearsal), onControl);
        if (!commands.stage(rehearsal, staged)) {
            rehearsal.close();
            over.complete(JsonMapper.shared().createObjectNode().put("error", BUSY));
        }
    }

    private static ObjectNode end(AskedPacket packet, Expert expert, Rehearsal rehearsal) {
        try (rehearsal) {
            return expert.ofPacket(packet, rehearsal);
        }
    }
}
