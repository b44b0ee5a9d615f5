package io.spillway.control.recovery;

import java.util.List;

/** What the recovery machine is told. Telling it the same twice does no harm. */
public sealed interface RecoveryEvent {
    /** Time passed. */
    record Tick() implements RecoveryEvent {}

    /** At least one PoP tunnel, of whatever link, is alive: {@link Liveness#isAlive}. */
    record CloudAlive() implements RecoveryEvent {}

    /** None is. */
    record CloudLost() implements RecoveryEvent {}

    /** TLS is up; Hello follows the {@link RecoveryAction.RequestState} that this yields. */
    record ChannelOpened() implements RecoveryEvent {}

    record ChannelLost() implements RecoveryEvent {}

    /** A whole directory, without this site. */
    record DirectoryReceived(List<PeerFacts> peers) implements RecoveryEvent {
        public DirectoryReceived {
            peers = List.copyOf(peers);
        }
    }

    record PresenceChanged(long siteId, boolean isAttached) implements RecoveryEvent {}

    /** The full set of that peer's routes, as part of the state that was asked for last. */
    record RoutesReceived(long siteId) implements RecoveryEvent {}

    record StateEnded(long generation, long request) implements RecoveryEvent {}

    /** The LEFT_CLOUD flag of an authenticated PROBE that came from the peer itself. */
    record PeerLeftCloud(long siteId, boolean hasLeft) implements RecoveryEvent {}

    /** At least one recovery tunnel to the peer is alive, or none is any more. */
    record PeerReachable(long siteId, boolean isReachable) implements RecoveryEvent {}

    /** The same of its tunnels over Alt WAN. */
    record AltWanReachable(long siteId, boolean isReachable) implements RecoveryEvent {}

    /** An end-to-end probe that was sent at {@code sentNs} came back by the PoP. */
    record PathAnswered(long siteId, long sentNs) implements RecoveryEvent {}

    /** By hand: end the back-off. */
    record ReturnNow() implements RecoveryEvent {}

    /** Recovery of this site was switched on or off. */
    record SwitchChanged(boolean isRecoveryEnabled) implements RecoveryEvent {}

    /** {@code isRecoverable}: recovery is on there, and there is an Appliance. */
    record PeerFacts(long siteId, boolean isAttached, boolean isRecoverable) {}
}
