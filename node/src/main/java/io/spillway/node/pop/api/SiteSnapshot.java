package io.spillway.node.pop.api;

import java.time.Instant;
import java.util.List;

/**
 * A site at that moment. All but the first three may be null.
 *
 * @param siteId for {@link ApiScope}; not told
 * @param isOffCloudEnabled on one of its links at least; not told
 */
public record SiteSnapshot(
        long siteId,
        boolean isOffCloudEnabled,
        SiteInfo info,
        String connectivityStatus,
        DegradedStatus degradedStatus,
        Instant connectedSince,
        Instant lastConnected,
        String popName,
        List<DeviceSnapshot> devices,
        String wanRecoveryStatus,
        WanRecovery wanRecovery) {
    private static final String ACTIVE = "active";

    public String id() {
        return Long.toUnsignedString(siteId);
    }

    /** The PoP knows no other: whoever was never here is not known. */
    public String operationalStatus() {
        return ACTIVE;
    }

    /** As lists refer to it. */
    public Entity entity() {
        return new Entity(id(), info.name(), Entity.SITE);
    }
}
