package io.spillway.routing.bfd;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One session (RFC 5880 section 6.8). Rows are our state, columns what the neighbour says:
 *
 * <pre>
 *            ADMIN_DOWN   DOWN    INIT    UP      nothing for the detection time
 *   DOWN     -            INIT    UP      -       -
 *   INIT     DOWN         -       UP      UP      DOWN
 *   UP       DOWN         DOWN    -       -       DOWN
 * </pre>
 *
 * <p>While it is not up, packets go once a second at most (section 6.8.3). Owned by its {@link
 * BfdSpeaker}.
 */
final class BfdSession {
    static final long SLOW_US = TimeUnit.SECONDS.toMicros(1);
    private static final long NS_PER_US = 1000;

    /** Packets are sent a random part earlier, a quarter at most (section 6.8.7). */
    private static final double JITTER = 0.25;

    /** Of one that must not be missed, a tenth in any case. */
    private static final double JITTER_MIN_SINGLE = 0.1;

    private final int neighbour;
    private final BfdConfig config;
    private final int discriminator;
    private final RandomGenerator random;
    private final Consumer<BfdAction> actions;
    private BfdState state = BfdState.DOWN;
    private BfdDiagnostic diagnostic = BfdDiagnostic.NONE;
    private BfdState remoteState = BfdState.DOWN;
    private int remoteDiscriminator;
    private long remoteMinRxUs = 1;
    private boolean isRemoteDemanding;
    private long desiredMinTxUs;
    private boolean isPolling;
    private long detectionNs;
    private boolean isDetecting;
    private long heardNs;
    private long sendNs;
    private long changedNs;
    private long received;
    private long sent;
    private long upCount;

    BfdSession(
            int neighbour,
            BfdConfig config,
            int discriminator,
            RandomGenerator random,
            Consumer<BfdAction> actions,
            long nowNs) {
        this.neighbour = neighbour;
        this.config = config;
        this.discriminator = discriminator;
        this.random = random;
        this.actions = actions;
        desiredMinTxUs = Math.max(SLOW_US, config.minTxUs());
        sendNs = nowNs;
        changedNs = nowNs;
    }

    BfdConfig config() {
        return config;
    }

    int discriminator() {
        return discriminator;
    }

    void onPacket(BfdPacket packet, long nowNs) {
        received++;
        remoteDiscriminator = packet.mine();
        remoteState = packet.state();
        isRemoteDemanding = packet.isDemand();
        boolean isFaster = packet.requiredMinRxUs() < remoteMinRxUs;
        remoteMinRxUs = packet.requiredMinRxUs();
        isPolling &= !packet.isFinal();
        heardNs = nowNs;
        detectionNs =
                packet.multiplier()
                        * Math.max(config.minRxUs(), packet.desiredMinTxUs())
                        * NS_PER_US;
        isDetecting = true;
        BfdState before = state;
        follow(packet.state(), nowNs);
        if (packet.isPoll()) {
            send(true);
        }
        if (isFaster || state != before) {
            schedule(nowNs);
        }
    }

    private void follow(BfdState said, long nowNs) {
        switch (state) {
            case ADMIN_DOWN -> {}
            case DOWN -> {
                if (said == BfdState.DOWN) {
                    become(BfdState.INIT, BfdDiagnostic.NONE, nowNs);
                } else if (said == BfdState.INIT) {
                    become(BfdState.UP, BfdDiagnostic.NONE, nowNs);
                }
            }
            case INIT -> {
                if (said == BfdState.ADMIN_DOWN) {
                    become(BfdState.DOWN, BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN, nowNs);
                } else if (said != BfdState.DOWN) {
                    become(BfdState.UP, BfdDiagnostic.NONE, nowNs);
                }
            }
            case UP -> {
                if (said == BfdState.DOWN || said == BfdState.ADMIN_DOWN) {
                    become(BfdState.DOWN, BfdDiagnostic.NEIGHBOUR_SIGNALLED_DOWN, nowNs);
                }
            }
        }
    }

    private void become(BfdState next, BfdDiagnostic why, long nowNs) {
        boolean isUpOrWas = next == BfdState.UP || state == BfdState.UP;
        state = next;
        diagnostic = why;
        changedNs = nowNs;
        long minTxUs = next == BfdState.UP ? config.minTxUs() : Math.max(SLOW_US, config.minTxUs());
        isPolling = next == BfdState.UP && minTxUs != desiredMinTxUs;
        desiredMinTxUs = minTxUs;
        sendNs = nowNs; // the neighbour hears of it at once
        if (next == BfdState.UP) {
            upCount++;
        }
        if (isUpOrWas) {
            boolean isOnPurpose = next == BfdState.ADMIN_DOWN || remoteState == BfdState.ADMIN_DOWN;
            boolean isFailure = next != BfdState.UP && !isOnPurpose;
            actions.accept(new BfdAction.Changed(neighbour, next, why, isFailure));
        }
    }

    void poll(long nowNs) {
        if (isDetecting && nowNs - heardNs - detectionNs > 0) {
            isDetecting = false;
            remoteDiscriminator = 0;
            remoteState = BfdState.DOWN;
            remoteMinRxUs = 1;
            isRemoteDemanding = false;
            if (state == BfdState.INIT || state == BfdState.UP) {
                become(BfdState.DOWN, BfdDiagnostic.DETECTION_TIME_EXPIRED, nowNs);
            }
        }
        if (isSending() && nowNs - sendNs >= 0) {
            send(false);
            schedule(nowNs);
        }
    }

    /** Section 6.8.7. */
    private boolean isSending() {
        boolean isSilent = config.isPassive() && remoteDiscriminator == 0;
        boolean isDemanded =
                isRemoteDemanding && state == BfdState.UP && remoteState == BfdState.UP;
        return !isSilent && remoteMinRxUs > 0 && (!isDemanded || isPolling);
    }

    private void schedule(long nowNs) {
        long intervalUs = Math.max(desiredMinTxUs, remoteMinRxUs);
        double least = config.multiplier() == 1 ? JITTER_MIN_SINGLE : 0;
        double early = least + random.nextDouble() * (JITTER - least);
        sendNs = nowNs + (long) (intervalUs * NS_PER_US * (1 - early));
    }

    private void send(boolean isFinal) {
        sent++;
        BfdPacket packet =
                new BfdPacket(
                        diagnostic,
                        state,
                        isPolling && !isFinal,
                        isFinal,
                        false,
                        config.multiplier(),
                        discriminator,
                        remoteDiscriminator,
                        desiredMinTxUs,
                        config.minRxUs());
        actions.accept(new BfdAction.Send(neighbour, packet.encode()));
    }

    /** By hand, or before the end: the neighbour is told, and takes it as no failure. */
    void stop(long nowNs) {
        if (state != BfdState.ADMIN_DOWN) {
            boolean isHeard = remoteDiscriminator != 0;
            become(BfdState.ADMIN_DOWN, BfdDiagnostic.ADMINISTRATIVELY_DOWN, nowNs);
            if (isHeard) {
                send(false);
                schedule(nowNs);
            }
        }
    }

    long earlier(long otherNs) {
        long earliest = otherNs;
        if (isDetecting && heardNs + detectionNs - earliest < 0) {
            earliest = heardNs + detectionNs + 1;
        }
        return isSending() && sendNs - earliest < 0 ? sendNs : earliest;
    }

    BfdView view() {
        return new BfdView(
                config,
                state,
                diagnostic,
                changedNs,
                isDetecting ? detectionNs / NS_PER_US : 0,
                received,
                sent,
                upCount);
    }
}
