package io.spillway.node.sim;

import io.spillway.control.directory.LinkRole;
import io.spillway.control.recovery.InternetConfig;
import io.spillway.control.recovery.RecoveryConfig;
import io.spillway.node.site.SiteSetup;
import io.spillway.node.tunnel.RekeyLimits;
import io.spillway.routing.fib.Prefix;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * How one simulated site is configured.
 *
 * @param precedences of its WAN links, one each
 * @param hasAltWan the last of them leads to no PoP but to the Alt WAN of others
 * @param advertised beside 10.N.0.0/24
 * @param fixed static public endpoint of the first link; null: none
 * @param popRetryNs until a better PoP is tried
 * @param hasRouter on its LAN, see {@link SimRouter}
 * @param offCloudRoutes see {@link SiteSetup}
 * @param internet how it reaches that
 */
public record SiteOptions(
        List<Integer> precedences,
        boolean hasAltWan,
        RecoveryConfig recovery,
        List<Prefix> advertised,
        RekeyLimits rekey,
        InetSocketAddress fixed,
        long popRetryNs,
        boolean hasRouter,
        List<SiteSetup.LocalRoute> offCloudRoutes,
        InternetConfig internet) {
    public static final SiteOptions DEFAULT =
            new SiteOptions(
                    List.of(1),
                    false,
                    RecoveryConfig.DEFAULT,
                    List.of(),
                    RekeyLimits.DEFAULT,
                    null,
                    3_600_000_000_000L,
                    false,
                    List.of(),
                    InternetConfig.NONE);

    public SiteOptions links(Integer... newPrecedences) {
        return new SiteOptions(
                List.of(newPrecedences),
                hasAltWan,
                recovery,
                advertised,
                rekey,
                fixed,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                internet);
    }

    /** One link more, to the Alt WAN. */
    public SiteOptions withAltWan() {
        List<Integer> more = new ArrayList<>(precedences);
        more.add(1);
        return new SiteOptions(
                more,
                true,
                recovery,
                advertised,
                rekey,
                fixed,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                internet);
    }

    public SiteOptions withRouter() {
        return new SiteOptions(
                precedences,
                hasAltWan,
                recovery,
                advertised,
                rekey,
                fixed,
                popRetryNs,
                true,
                offCloudRoutes,
                internet);
    }

    public SiteOptions withOffCloudRoutes(SiteSetup.LocalRoute... routes) {
        return new SiteOptions(
                precedences,
                hasAltWan,
                recovery,
                advertised,
                rekey,
                fixed,
                popRetryNs,
                hasRouter,
                List.of(routes),
                internet);
    }

    /** It reaches the Internet by the PoP, and perhaps by its links without one. */
    public SiteOptions withInternet(boolean isRecoveryEnabled) {
        List<InternetConfig.Candidate> candidates = new ArrayList<>();
        for (int precedence : precedences) {
            int link = candidates.size();
            candidates.add(new InternetConfig.Candidate(link, "wan" + link, precedence));
        }
        var changed =
                new InternetConfig(
                        true,
                        isRecoveryEnabled,
                        candidates,
                        recovery.startGraceNs(),
                        recovery.returnBackoff());
        return new SiteOptions(
                precedences,
                hasAltWan,
                recovery,
                advertised,
                rekey,
                fixed,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                changed);
    }

    LinkRole role(int link) {
        boolean isLast = link == precedences.size() - 1;
        return hasAltWan && isLast ? LinkRole.ALT_WAN : LinkRole.INTERNET;
    }

    public SiteOptions recovery(boolean isEnabled, boolean isFreezeEnabled) {
        var changed =
                new RecoveryConfig(
                        isEnabled,
                        isFreezeEnabled,
                        recovery.areRoutesLive(),
                        recovery.startGraceNs(),
                        recovery.returnBackoff());
        return new SiteOptions(
                precedences,
                hasAltWan,
                changed,
                advertised,
                rekey,
                fixed,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                internet);
    }

    /** What changes of routes while they are frozen travels between sites. */
    public SiteOptions withLiveRoutes() {
        var changed =
                new RecoveryConfig(
                        recovery.isEnabled(),
                        recovery.isFreezeEnabled(),
                        true,
                        recovery.startGraceNs(),
                        recovery.returnBackoff());
        return new SiteOptions(
                precedences,
                hasAltWan,
                changed,
                advertised,
                rekey,
                fixed,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                internet);
    }

    public SiteOptions advertising(String... prefixes) {
        List<Prefix> more = List.of(prefixes).stream().map(Prefix::parse).toList();
        return new SiteOptions(
                precedences,
                hasAltWan,
                recovery,
                more,
                rekey,
                fixed,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                internet);
    }

    public SiteOptions popRetryMs(long ms) {
        return new SiteOptions(
                precedences,
                hasAltWan,
                recovery,
                advertised,
                rekey,
                fixed,
                ms * 1_000_000,
                hasRouter,
                offCloudRoutes,
                internet);
    }

    /** Its first link has that static public endpoint. */
    public SiteOptions fixedAt(InetSocketAddress end) {
        return new SiteOptions(
                precedences,
                hasAltWan,
                recovery,
                advertised,
                rekey,
                end,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                internet);
    }

    public SiteOptions rekeying(long afterMs, long bytes) {
        var limits = new RekeyLimits(afterMs * 1_000_000, bytes);
        return new SiteOptions(
                precedences,
                hasAltWan,
                recovery,
                advertised,
                limits,
                fixed,
                popRetryNs,
                hasRouter,
                offCloudRoutes,
                internet);
    }
}
