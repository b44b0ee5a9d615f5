package io.spillway.control.recovery;

import io.spillway.control.recovery.InternetConfig.Candidate;
import io.spillway.control.recovery.InternetState.Trigger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Decides how traffic to the Internet leaves a site: by the PoP, or, in Internet Recovery, by a
 * link of its own (R058, F12). One per site, owned by control; events and time in, actions out. The
 * table stands at {@link InternetState}. It knows nothing of the recovery of traffic between sites,
 * so that either may be off while the other is on (R015).
 *
 * <p><b>The link</b> is chosen, and the kernel prepared for it, while the cloud still lives: when
 * that is lost, one publication moves the packets. Among usable links of the best precedence the
 * choice is random; it stays until the link is not usable any more, or one of a better precedence
 * is. The old link carries the packets until the kernel is ready for the new one. With every return
 * to the cloud the choice is free again.
 *
 * <p><b>The return</b> waits for the PoP's whole state on its channel, since before it knows this
 * site's networks it takes nothing from them, and for the back-off of F12.
 *
 * <p>Send {@link InternetEvent.Tick} several times a second.
 */
public final class InternetMachine {
    /** No link. */
    public static final int NONE = -1;

    /** Between two attempts to prepare the kernel, unless a link gives another chance before. */
    static final long LEAD_RETRY_NS = 5_000_000_000L;

    private final InternetConfig config;
    private final RandomGenerator random;
    private final ReturnBackoff backoff;
    private final long startNs;
    private final Set<Integer> usable = new HashSet<>();
    private List<InternetAction> actions = new ArrayList<>();
    private InternetState state = InternetState.START;
    private boolean isPopTold;
    private boolean isWayOpen;
    private int chosen = NONE;
    private int led = NONE; // by which packets leave if they are given to the kernel
    private long leadNs; // no attempt before
    private long nowNs;

    public InternetMachine(InternetConfig config, RandomGenerator random, long nowNs) {
        this.config = config;
        this.random = random;
        this.nowNs = nowNs;
        startNs = nowNs;
        leadNs = nowNs;
        backoff = new ReturnBackoff(config.returnBackoff());
        config.candidates().forEach(candidate -> usable.add(candidate.link()));
    }

    /** The actions are the caller's, to be carried out in order. */
    public List<InternetAction> on(InternetEvent event, long now) {
        nowNs = now;
        actions = new ArrayList<>();
        if (!config.isUsed()) {
            return actions;
        }
        take(event);
        if (config.isEnabled()) {
            choose();
            noteWay();
        }
        if (state == InternetState.START && nowNs - startNs >= config.startGraceNs()) {
            trigger(Trigger.NO_CLOUD, "no PoP tunnel since the start");
        }
        if (state == InternetState.RETURNING && isPopTold && backoff.isOver(nowNs)) {
            trigger(Trigger.CLOUD_TRUSTED, "the PoP is back");
        }
        return actions;
    }

    public InternetState state() {
        return state;
    }

    /** Packets leave by a link of our own, {@link #link}. */
    public boolean isDirect() {
        return state.isDirect();
    }

    /** By which packets leave, or would without a cloud; {@link #NONE}. */
    public int link() {
        return isWayOpen ? led : NONE;
    }

    /** The remaining wait before the return, 0 if none runs. */
    public long backoffRemainingNs(long now) {
        return backoff.remainingNs(now);
    }

    private void take(InternetEvent event) {
        switch (event) {
            case InternetEvent.Tick _ -> {}
            case InternetEvent.CloudAlive _ -> trigger(Trigger.CLOUD_ALIVE, "a PoP tunnel lives");
            case InternetEvent.CloudLost _ -> trigger(Trigger.CLOUD_LOST, "every PoP tunnel died");
            case InternetEvent.PopTold _ -> isPopTold = true;
            case InternetEvent.ChannelLost _ -> isPopTold = false;
            case InternetEvent.LinkUsable change -> onUsable(change.link(), change.isUsable());
            case InternetEvent.Led answer -> onLed(answer.link(), answer.isLed());
            case InternetEvent.ReturnNow _ -> backoff.returnNow(nowNs);
        }
    }

    /** What the kernel had of a link is gone with it. */
    private void onUsable(int link, boolean isUsable) {
        leadNs = nowNs;
        if (isUsable) {
            usable.add(link);
            return;
        }
        usable.remove(link);
        led = led == link ? NONE : led;
        chosen = chosen == link ? NONE : chosen;
    }

    private void onLed(int link, boolean isLed) {
        if (isLed && usable.contains(link)) {
            led = link;
        } else if (chosen == link) {
            chosen = NONE; // another one, or the same again
            leadNs = nowNs + LEAD_RETRY_NS;
        }
    }

    private void choose() {
        int best = Integer.MAX_VALUE;
        for (Candidate candidate : config.candidates()) {
            boolean isUsable = usable.contains(candidate.link());
            best = isUsable ? Math.min(best, candidate.precedence()) : best;
        }
        List<Integer> equals = usableOf(best);
        if (equals.isEmpty() || equals.contains(chosen) || nowNs - leadNs < 0) {
            return;
        }
        chosen = equals.get(random.nextInt(equals.size()));
        act(new InternetAction.Lead(chosen));
    }

    private List<Integer> usableOf(int precedence) {
        return config.candidates().stream()
                .filter(candidate -> candidate.precedence() == precedence)
                .map(Candidate::link)
                .filter(usable::contains)
                .toList();
    }

    private void noteWay() {
        boolean isOpen = led != NONE;
        if (isOpen != isWayOpen) {
            isWayOpen = isOpen;
            String what = isOpen ? " leads out" : "no link leads out any more";
            trigger(
                    isOpen ? Trigger.WAY_OPEN : Trigger.WAY_CLOSED,
                    isOpen ? name(led) + what : what);
        }
    }

    private void trigger(Trigger trigger, String why) {
        InternetState from = state;
        state = from.next(trigger, isWayOpen);
        if (state == from) {
            return;
        }
        String by = state == InternetState.DIRECT ? " by " + name(led) : "";
        act(new InternetAction.Log("Internet: " + from + " -> " + state + by + ": " + why));
        act(new InternetAction.Move(state));
        keepBackoff(trigger, from);
        if (state == InternetState.CLOUD) {
            chosen = NONE;
        }
    }

    private void keepBackoff(Trigger trigger, InternetState from) {
        if (trigger == Trigger.CLOUD_LOST) {
            backoff.onLost(nowNs);
        } else if (trigger == Trigger.CLOUD_ALIVE && from != InternetState.START) {
            backoff.onBack(nowNs);
        }
    }

    private String name(int link) {
        return config.candidates().stream()
                .filter(candidate -> candidate.link() == link)
                .map(Candidate::name)
                .findFirst()
                .orElse("link " + link);
    }

    private void act(InternetAction action) {
        actions.add(action);
    }
}
