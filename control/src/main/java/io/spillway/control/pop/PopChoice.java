package io.spillway.control.pop;

import io.spillway.control.pop.PopAction.Why;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Chooses the PoP node that a site is attached to (R014, R117, D31). One per site, owned by
 * control; what happened and the time in, actions out. It never decides about recovery, and
 * recovery never waits for it.
 *
 * <p>Nodes are a list in order of preference; those of one name are one PoP. The whole table:
 *
 * <pre>
 * state     | what happens             | what follows
 * ----------+--------------------------+------------------------------------------------------
 * SEARCHING | the node in use lives    | ATTACHED: it stays, another that is tried is closed
 *           | the one tried lives      | ATTACHED there; the one that was lost is closed
 *           | its time is over         | the next one is tried; behind the last a pause
 * ATTACHED  | the node in use dies     | another open one that lives: ATTACHED there, else
 *           |                          | SEARCHING: first it alone for a moment, then the other
 *           |                          | nodes of its PoP, then the other PoPs, each its time
 *           | a better PoP is due      | MOVING to the first of its nodes
 *           | the node drains          | MOVING to the next node that does not
 * MOVING    | the target lives         | the channel goes there
 *           | the state is told there  | ATTACHED there; the old tunnels stay for a while
 *           | its time is over, it     | the channel comes back, the target is closed; the
 *           | dies, or it drains too   | next candidate, or later again
 *           | the node in use dies     | ATTACHED at the target if that lives, else SEARCHING
 * </pre>
 *
 * <p><b>No to and fro.</b> A living node is left only for a better PoP, once in {@link
 * Config#preferredRetryNs}, or because it drains. A PoP that is lost again within that time after a
 * return to it is tried half as often from then on.
 */
public final class PopChoice {
    /** What a site does about its PoPs. */
    public enum State {
        SEARCHING,
        ATTACHED,
        MOVING
    }

    private static final int NONE = -1;

    /** A node that drains is no target for so long. */
    static final long DRAIN_NS = 600_000_000_000L;

    private static final int RETRY_FACTOR_MAX = 16;

    /** Own PoP and others, of those that do not drain and of those that do. */
    private static final int PASSES = 4;

    /**
     * How long each stage may take.
     *
     * @param startNs at the start, for the first of the list alone
     * @param aloneNs after a loss, for the lost one alone; up to half of it is added by chance
     * @param stageNs for each node that is tried
     * @param channelNs in a move, until the state is told over the new channel
     * @param pauseNs after the last one was tried in vain
     * @param lingerNs after a move the old tunnels are kept for what is under way
     * @param preferredRetryNs until a better PoP than the one in use is tried
     */
    public record Config(
            long startNs,
            long aloneNs,
            long stageNs,
            long channelNs,
            long pauseNs,
            long lingerNs,
            long preferredRetryNs) {
        /** With everything but the last by our choice. */
        public static Config retrying(long preferredRetryNs) {
            return new Config(
                    3_000_000_000L,
                    1_000_000_000L,
                    5_000_000_000L,
                    10_000_000_000L,
                    5_000_000_000L,
                    10_000_000_000L,
                    preferredRetryNs);
        }
    }

    private final List<String> names;
    private final Config config;
    private final RandomGenerator random;
    private final Set<Integer> alive = new HashSet<>();
    private final Map<Integer, Long> drainingUntilNs = new HashMap<>();
    private final Map<Integer, Long> lingeringUntilNs = new HashMap<>();
    private final Deque<Integer> candidates = new ArrayDeque<>();
    private List<PopAction> actions = new ArrayList<>();
    private State state = State.SEARCHING;
    private int inUse;
    private int tried = NONE;
    private boolean isChannelMoved;
    private Why why = Why.LOST;
    private long deadlineNs;
    private long retryAtNs;
    private int retryFactor = 1;
    private boolean isReturned;
    private long changedNs;
    private long nowNs;

    /**
     * @param names of the PoPs, by node, the most preferred first
     */
    public PopChoice(List<String> names, Config config, RandomGenerator random, long nowNs) {
        this.names = List.copyOf(names);
        this.config = config;
        this.random = random;
        this.nowNs = nowNs;
        changedNs = nowNs;
        retryAtNs = nowNs + config.preferredRetryNs();
        deadlineNs = nowNs + config.startNs();
        candidates.addAll(order());
    }

    /** What is to be done at the start. */
    public List<PopAction> start() {
        return List.of(
                new PopAction.Open(inUse), new PopAction.Use(inUse), new PopAction.Channel(inUse));
    }

    public State state() {
        return state;
    }

    /** Alive unless SEARCHING. */
    public int inUse() {
        return inUse;
    }

    /** The one whose tunnels are tried beside it; -1: none. */
    public int tried() {
        return tried;
    }

    /** Until a better PoP is tried again; 0 when there is none or it is due. */
    public long retryRemainingNs(long now) {
        return better().isEmpty() ? 0 : Math.max(0, retryAtNs - now);
    }

    /** Whether the tunnels of each node live, by what control knows of them now. */
    public List<PopAction> onAlive(Collection<Integer> living, long now) {
        begin(now);
        alive.clear();
        alive.addAll(living);
        switch (state) {
            case SEARCHING -> search();
            case ATTACHED -> {
                if (!alive.contains(inUse)) {
                    onLost();
                }
            }
            case MOVING -> move();
        }
        return actions;
    }

    /** The channel's node has told its whole state. */
    public List<PopAction> onStateTold(int node, long now) {
        begin(now);
        if (state == State.MOVING && node == tried && isChannelMoved) {
            attach(tried, why);
        }
        return actions;
    }

    /** That node asks to be left. */
    public List<PopAction> onDrain(int node, long now) {
        begin(now);
        drainingUntilNs.put(node, now + DRAIN_NS);
        candidates.remove(node);
        if (state == State.MOVING && node == tried) {
            tryNext();
        } else if (state == State.ATTACHED && node == inUse) {
            beginMove(Why.DRAINED);
        }
        return actions;
    }

    /** Lets time pass. */
    public List<PopAction> onTick(long now) {
        begin(now);
        drainingUntilNs.values().removeIf(untilNs -> now - untilNs >= 0);
        closeWhatLingers();
        switch (state) {
            case SEARCHING -> {
                if (now - deadlineNs >= 0) {
                    tryNextWhileSearching();
                }
            }
            case ATTACHED -> beginMoveIfDue();
            case MOVING -> {
                if (now - deadlineNs >= 0) {
                    tryNext();
                }
            }
        }
        return actions;
    }

    // ---- searching

    private void onLost() {
        boolean isSoon = nowNs - changedNs < config.preferredRetryNs();
        if (isReturned) {
            retryFactor = isSoon ? Math.min(RETRY_FACTOR_MAX, 2 * retryFactor) : 1;
            isReturned = false;
        }
        why = Why.LOST;
        for (int other : List.copyOf(lingeringUntilNs.keySet())) {
            if (alive.contains(other)) {
                attach(other, why);
                return;
            }
        }
        state = State.SEARCHING;
        deadlineNs = nowNs + config.aloneNs() + random.nextLong(config.aloneNs() / 2 + 1);
        candidates.clear();
        candidates.addAll(order());
    }

    private void search() {
        if (alive.contains(inUse)) {
            closeTried();
            state = State.ATTACHED;
            deadlineNs = nowNs;
        } else if (tried != NONE && alive.contains(tried)) {
            attach(tried, Why.LOST);
        }
    }

    private void tryNextWhileSearching() {
        closeTried();
        if (candidates.isEmpty()) {
            candidates.addAll(order());
            deadlineNs = nowNs + config.pauseNs();
            return;
        }
        open(candidates.poll());
    }

    /** All but the one in use: its PoP's other nodes, then the others; those that drain last. */
    private List<Integer> order() {
        List<Integer> order = new ArrayList<>();
        for (int pass = 0; pass < PASSES; pass++) {
            for (int node = 0; node < names.size(); node++) {
                boolean isOfPop = names.get(node).equals(names.get(inUse));
                boolean isOfPass =
                        isOfPop == (pass % 2 == 0)
                                && drainingUntilNs.containsKey(node) == (pass >= PASSES / 2);
                if (node != inUse && isOfPass) {
                    order.add(node);
                }
            }
        }
        return order;
    }

    // ---- moving

    private void beginMoveIfDue() {
        boolean isDraining = drainingUntilNs.containsKey(inUse);
        if (isDraining && nowNs - deadlineNs >= 0) {
            beginMove(Why.DRAINED);
        } else if (!isDraining && nowNs - retryAtNs >= 0) {
            retryLater();
            beginMove(Why.PREFERRED);
        }
    }

    private void beginMove(Why reason) {
        candidates.clear();
        candidates.addAll(reason == Why.DRAINED ? order() : better());
        candidates.removeIf(drainingUntilNs::containsKey);
        why = reason;
        if (candidates.isEmpty()) {
            deadlineNs = nowNs + config.pauseNs();
            return;
        }
        state = State.MOVING;
        open(candidates.poll());
    }

    /** Nodes of PoPs that stand before that of the one in use. */
    private List<Integer> better() {
        List<Integer> better = new ArrayList<>();
        int firstOfOwn = names.indexOf(names.get(inUse));
        for (int node = 0; node < firstOfOwn; node++) {
            better.add(node);
        }
        return better;
    }

    private void move() {
        boolean isTargetAlive = alive.contains(tried);
        if (!alive.contains(inUse) && isTargetAlive) {
            attach(tried, Why.LOST);
        } else if (!alive.contains(inUse)) {
            int target = tried;
            tried = NONE;
            bringChannelBack();
            onLost();
            resume(target);
        } else if (isTargetAlive && !isChannelMoved) {
            isChannelMoved = true;
            act(new PopAction.Channel(tried));
            deadlineNs = nowNs + config.channelNs();
        } else if (!isTargetAlive && isChannelMoved) {
            tryNext();
        }
    }

    /** What was the target is the first to be tried. */
    private void resume(int target) {
        if (state == State.SEARCHING) {
            tried = target;
            candidates.remove(target);
            deadlineNs = nowNs + config.stageNs();
        } else {
            act(new PopAction.Close(target));
        }
    }

    private void bringChannelBack() {
        if (isChannelMoved) {
            act(new PopAction.Channel(inUse));
            isChannelMoved = false;
        }
    }

    private void tryNext() {
        bringChannelBack();
        closeTried();
        if (candidates.isEmpty()) {
            log("stays at " + name(inUse) + ": no other takes it");
            state = State.ATTACHED;
            deadlineNs = nowNs + config.pauseNs();
        } else {
            open(candidates.poll());
        }
    }

    // ---- both

    private void open(int node) {
        tried = node;
        lingeringUntilNs.remove(node);
        deadlineNs = nowNs + config.stageNs();
        log("tries " + name(node) + " beside " + name(inUse) + ": " + why.text());
        act(new PopAction.Open(node));
    }

    private void attach(int node, Why reason) {
        int from = inUse;
        inUse = node;
        tried = NONE;
        lingeringUntilNs.remove(node);
        act(new PopAction.Use(node));
        if (!isChannelMoved) {
            act(new PopAction.Channel(node));
        }
        isChannelMoved = false;
        if (alive.contains(from)) {
            lingeringUntilNs.put(from, nowNs + config.lingerNs());
        } else {
            act(new PopAction.Close(from));
        }
        isReturned = reason == Why.PREFERRED;
        state = State.ATTACHED;
        deadlineNs = nowNs;
        changedNs = nowNs;
        retryLater();
        act(new PopAction.Changed(from, node, reason));
    }

    private void retryLater() {
        retryAtNs = nowNs + config.preferredRetryNs() * retryFactor;
    }

    private void closeTried() {
        if (tried != NONE) {
            act(new PopAction.Close(tried));
            tried = NONE;
        }
    }

    private void closeWhatLingers() {
        for (int node : List.copyOf(lingeringUntilNs.keySet())) {
            if (nowNs - lingeringUntilNs.get(node) >= 0) {
                lingeringUntilNs.remove(node);
                act(new PopAction.Close(node));
            }
        }
    }

    private void begin(long now) {
        nowNs = now;
        actions = new ArrayList<>();
    }

    private String name(int node) {
        return names.get(node) + " (" + (node + 1) + ")";
    }

    private void act(PopAction action) {
        actions.add(action);
    }

    private void log(String line) {
        act(new PopAction.Log("PoP: " + line));
    }
}
