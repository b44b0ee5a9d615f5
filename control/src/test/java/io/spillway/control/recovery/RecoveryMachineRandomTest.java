package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryEvent.PeerFacts;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Arbitrary sequences of events; the rules hold after each. */
class RecoveryMachineRandomTest {
    private static final int PEERS = 4;
    private final boolean isLong = Boolean.getBoolean("spillway.long");

    /** What the test itself was told, in the plainest form. */
    private static final class Truth {
        boolean isAlive;
        boolean isOpen;
        boolean isEnabled = true;
        long askedFor;
        boolean isComplete;
        final Map<Long, Boolean> attached = new HashMap<>();
        final Map<Long, Boolean> says = new HashMap<>();
        final Map<Long, Boolean> reachable = new HashMap<>();
        final Map<Long, Boolean> onAltWan = new HashMap<>();
        final Map<Long, Boolean> recoverable = new HashMap<>();
        final Map<Long, Long> routesFor = new HashMap<>();
        final Map<Long, Long> checkedNs = new HashMap<>();
        final Map<Long, Boolean> answered = new HashMap<>();
        final Map<Long, Transport> transports = new HashMap<>();
    }

    @Test
    void shouldKeepTheRulesWhateverHappens() {
        int runs = isLong ? 5_000 : 500;
        long base = System.nanoTime();
        for (int run = 0; run < runs; run++) {
            new Run(base + run).play(300);
        }
    }

    private static final class Run {
        private final long seed;
        private final SplittableRandom random;
        private final RecoveryMachine machine;
        private final Truth truth = new Truth();
        private long nowNs;
        private boolean wasTold;

        Run(long seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            nowNs = random.nextLong();
            List<PeerFacts> saved = new ArrayList<>();
            for (long id = 1; id <= PEERS && random.nextBoolean(); id++) {
                saved.add(new PeerFacts(id, false, true));
                truth.recoverable.put(id, true);
            }
            machine = new RecoveryMachine(RecoveryConfig.DEFAULT, saved, nowNs);
        }

        void play(int count) {
            for (int i = 0; i < count; i++) {
                nowNs += random.nextLong(random.nextInt(10) == 0 ? 20_000_000_000L : 50_000_000L);
                RecoveryEvent event = next();
                boolean backoffOver = machine.backoffRemainingNs(nowNs) == 0;
                RecoveryState before = machine.state();
                List<RecoveryAction> actions = machine.on(event, nowNs);
                for (RecoveryAction action : actions) {
                    check(action, backoffOver || event instanceof RecoveryEvent.ReturnNow);
                }
                checkState(before, event);
            }
        }

        private RecoveryEvent next() {
            long id = random.nextLong(1, PEERS + 1);
            boolean flag = random.nextInt(4) != 0;
            return switch (random.nextInt(18)) {
                case 0 -> alive(flag);
                case 1 -> channel(flag);
                case 2 -> altWan(id, random.nextBoolean());
                case 3, 4 -> directory();
                case 5 -> presence(id, flag);
                case 6, 7, 8 -> routes(id);
                case 9, 10 -> end(flag);
                case 11 -> says(id, !flag);
                case 12 -> reachable(id, flag);
                case 13, 14, 15 -> answer(id, flag);
                case 16 -> enabled(flag);
                default ->
                        random.nextInt(10) == 0
                                ? new RecoveryEvent.ReturnNow()
                                : new RecoveryEvent.Tick();
            };
        }

        private RecoveryEvent alive(boolean isAlive) {
            truth.isAlive = isAlive;
            if (!isAlive) {
                truth.checkedNs.clear();
                truth.answered.clear();
            }
            return isAlive ? new RecoveryEvent.CloudAlive() : new RecoveryEvent.CloudLost();
        }

        private RecoveryEvent channel(boolean isOpen) {
            truth.isComplete &= isOpen;
            truth.isOpen = isOpen;
            return isOpen ? new RecoveryEvent.ChannelOpened() : new RecoveryEvent.ChannelLost();
        }

        private RecoveryEvent altWan(long id, boolean isReachable) {
            if (isKnown(id)) {
                truth.onAltWan.put(id, isReachable);
                truth.says.computeIfPresent(id, (key, said) -> said && isHeard(id));
            }
            return new RecoveryEvent.AltWanReachable(id, isReachable);
        }

        private boolean isHeard(long id) {
            return truth.reachable.getOrDefault(id, false)
                    || truth.onAltWan.getOrDefault(id, false);
        }

        private RecoveryEvent directory() {
            List<PeerFacts> facts = new ArrayList<>();
            for (long id = 1; id <= PEERS; id++) {
                boolean attached = random.nextInt(5) != 0;
                boolean recoverable = random.nextInt(8) != 0;
                truth.attached.put(id, attached);
                truth.recoverable.put(id, recoverable);
                facts.add(new PeerFacts(id, attached, recoverable));
            }
            return new RecoveryEvent.DirectoryReceived(facts);
        }

        private RecoveryEvent presence(long id, boolean isAttached) {
            if (isKnown(id)) {
                truth.attached.put(id, isAttached);
            }
            return new RecoveryEvent.PresenceChanged(id, isAttached);
        }

        private RecoveryEvent routes(long id) {
            if (isKnown(id)) {
                truth.routesFor.put(id, truth.askedFor);
            }
            return new RecoveryEvent.RoutesReceived(id);
        }

        private RecoveryEvent end(boolean isRight) {
            long request = isRight ? truth.askedFor : truth.askedFor - 1;
            truth.isComplete |= truth.isOpen && isRight && truth.askedFor > 0;
            return new RecoveryEvent.StateEnded(1, request);
        }

        private RecoveryEvent says(long id, boolean hasLeft) {
            if (isKnown(id)) {
                truth.says.put(id, hasLeft);
            }
            return new RecoveryEvent.PeerLeftCloud(id, hasLeft);
        }

        private RecoveryEvent reachable(long id, boolean isReachable) {
            if (isKnown(id)) {
                truth.reachable.put(id, isReachable);
                truth.says.computeIfPresent(id, (key, said) -> said && isHeard(id));
            }
            return new RecoveryEvent.PeerReachable(id, isReachable);
        }

        private RecoveryEvent answer(long id, boolean isRecent) {
            long sentNs = isRecent ? nowNs : nowNs - 60_000_000_000L;
            Long checkedNs = truth.checkedNs.get(id);
            if (checkedNs != null && sentNs - checkedNs >= 0) {
                truth.answered.put(id, true);
            }
            return new RecoveryEvent.PathAnswered(id, sentNs);
        }

        private RecoveryEvent enabled(boolean isEnabled) {
            truth.isEnabled = isEnabled;
            return new RecoveryEvent.SwitchChanged(isEnabled);
        }

        private boolean isKnown(long id) {
            return machine.peers().stream().anyMatch(peer -> peer.siteId() == id);
        }

        private void check(RecoveryAction action, boolean backoffOver) {
            switch (action) {
                case RecoveryAction.RequestState asked -> {
                    assertTrue(asked.request() > truth.askedFor, message("request grows"));
                    truth.askedFor = asked.request();
                    truth.isComplete = false;
                }
                case RecoveryAction.CheckReturnPath check ->
                        truth.checkedNs.putIfAbsent(check.siteId(), nowNs);
                case RecoveryAction.MovePeer move -> checkMove(move);
                case RecoveryAction.ReturnPeer back -> checkReturn(back, backoffOver);
                case RecoveryAction.TellPeersLeftCloud told -> {
                    assertTrue(told.hasLeft() != wasTold, message("told twice"));
                    wasTold = told.hasLeft();
                }
                case RecoveryAction.ForgetPeer gone -> {
                    truth.transports.remove(gone.siteId());
                    truth.onAltWan.remove(gone.siteId());
                }
                default -> {}
            }
        }

        private void checkMove(RecoveryAction.MovePeer move) {
            long id = move.siteId();
            Transport before = truth.transports.put(id, move.transport());
            assertTrue(before != move.transport(), message("a move that moves nothing"));
            assertTrue(move.transport() != Transport.CLOUD, message("only a return goes to CLOUD"));
            boolean isOnAltWan = truth.onAltWan.getOrDefault(id, false);
            assertEquals(
                    isOnAltWan, move.transport() == Transport.ALT_WAN, message("Alt WAN first"));
            if (move.transport() == Transport.RECOVERY) {
                boolean isAllowed = truth.isEnabled && truth.recoverable.get(id);
                assertTrue(isAllowed, message("recovery is switched off"));
            }
            if (before == Transport.CLOUD) {
                truth.checkedNs.remove(id);
                truth.answered.remove(id);
            }
        }

        private void checkReturn(RecoveryAction.ReturnPeer back, boolean backoffOver) {
            long id = back.siteId();
            Transport before = truth.transports.put(id, Transport.CLOUD);
            assertEquals(before == null ? Transport.NONE : before, back.from(), message("from"));
            assertTrue(truth.isAlive && truth.isOpen, message("neither cloud nor channel"));
            assertTrue(truth.attached.getOrDefault(id, false), message("peer is not attached"));
            assertTrue(!truth.says.getOrDefault(id, false), message("peer says it left"));
            assertEquals(truth.askedFor, truth.routesFor.get(id), message("routes are old"));
            assertTrue(truth.answered.getOrDefault(id, false), message("path is not proven"));
            boolean isReachable = truth.reachable.getOrDefault(id, false);
            boolean isStranded =
                    back.from() == Transport.NONE
                            || back.from() == Transport.RECOVERY && !isReachable;
            boolean mayReturn = isStranded || truth.isComplete && backoffOver;
            assertTrue(mayReturn, message("state not complete or back-off not over"));
            truth.checkedNs.remove(id);
            truth.answered.remove(id);
        }

        private void checkState(RecoveryState before, RecoveryEvent event) {
            RecoveryState state = machine.state();
            boolean inCloud = state == RecoveryState.CLOUD;
            assertEquals(truth.isAlive, inCloud, message("data tunnels alone decide"));
            boolean isData =
                    event instanceof RecoveryEvent.CloudAlive
                            || event instanceof RecoveryEvent.CloudLost
                            || event instanceof RecoveryEvent.AltWanReachable
                            || before == RecoveryState.START;
            assertTrue(isData || state == before, message("nothing else changes the state"));
            for (RecoveryMachine.PeerView peer : machine.peers()) {
                checkPeer(peer, state);
            }
            if (!machine.isTellingLeft()) {
                assertTrue(!truth.isEnabled || !state.isOffCloud(), message("peers not told"));
            }
        }

        private void checkPeer(RecoveryMachine.PeerView peer, RecoveryState state) {
            long id = peer.siteId();
            Transport known = truth.transports.getOrDefault(id, Transport.NONE);
            assertEquals(known, peer.transport(), message("actions tell every transport"));
            if (peer.transport() == Transport.CLOUD) {
                assertEquals(RecoveryState.CLOUD, state, message("CLOUD without a cloud"));
                assertTrue(!truth.says.getOrDefault(id, false), message("it says it left"));
                boolean mayStay = truth.attached.get(id) || !truth.isComplete;
                assertTrue(mayStay, message("CLOUD for a peer not attached"));
                assertEquals(EnumSet.noneOf(ReturnCondition.class), peer.waitsFor());
            }
            boolean isOnAltWan = truth.onAltWan.getOrDefault(id, false);
            if (state.isOffCloud()) {
                boolean isByAltWan = peer.transport() == Transport.ALT_WAN;
                assertEquals(isOnAltWan, isByAltWan, message("Alt WAN where it lives"));
                boolean isAny = truth.onAltWan.containsValue(true);
                assertEquals(isAny, state == RecoveryState.ALT_WAN, message("the site's state"));
            }
        }

        private String message(String rule) {
            return rule + " (seed " + seed + ")";
        }
    }
}
