package io.spillway.node.site;

import io.spillway.control.wire.SavedState;
import io.spillway.control.wire.Welcome;
import java.util.Locale;

/**
 * How it stands with each {@link CloudService}. What a PoP said last counts, also over a restart
 * without one: only what was in force before is suspended. Owned by control.
 */
final class CloudServices {
    /** How it stands with one of them. */
    enum Standing {
        IN_FORCE,
        /** Some traffic goes on without it. */
        SUSPENDED,
        NOT_CONFIGURED,
        /** No PoP of ours has it. */
        NOT_PROVIDED;

        /** As status says it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private boolean hasWanFirewall;

    /** Of a PoP that takes us. */
    void onWelcome(Welcome welcome) {
        hasWanFirewall = welcome.getWanFirewall();
    }

    void restore(SavedState saved) {
        hasWanFirewall = saved.getWanFirewall();
    }

    /** To be saved. */
    boolean hasWanFirewall() {
        return hasWanFirewall;
    }

    /**
     * @param isOffCloud traffic to some site takes another way than the cloud
     */
    Standing standing(CloudService service, boolean isOffCloud) {
        return switch (service) {
            case WAN_FIREWALL -> standing(hasWanFirewall, isOffCloud);
            case INTERNET_FIREWALL,
                    THREAT_PREVENTION,
                    MANAGED_XDR,
                    NAT_POLICY,
                    COMPLEX_NETWORK_RULES,
                    DNS_FORWARDING,
                    DHCP_RELAY,
                    STATIC_RANGE_TRANSLATION,
                    CLIENT_CONNECTIVITY_POLICY,
                    DEVICE_POSTURE ->
                    Standing.NOT_PROVIDED;
        };
    }

    private static Standing standing(boolean isConfigured, boolean isOffCloud) {
        if (!isConfigured) {
            return Standing.NOT_CONFIGURED;
        }
        return isOffCloud ? Standing.SUSPENDED : Standing.IN_FORCE;
    }
}
