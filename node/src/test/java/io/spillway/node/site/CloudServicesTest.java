package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.wire.SavedState;
import io.spillway.control.wire.Welcome;
import io.spillway.node.site.CloudServices.Standing;
import org.junit.jupiter.api.Test;

/** D48. */
class CloudServicesTest {
    private final CloudServices services = new CloudServices();

    @Test
    void shouldCallSuspendedOnlyWhatAPopHadInForce() {
        assertEquals(Standing.NOT_CONFIGURED, standing(true));

        services.onWelcome(Welcome.newBuilder().setWanFirewall(true).build());

        assertEquals(Standing.IN_FORCE, standing(false));
        assertEquals(Standing.SUSPENDED, standing(true));
        services.onWelcome(Welcome.newBuilder().build());
        assertEquals(Standing.NOT_CONFIGURED, standing(true));
    }

    @Test
    void shouldRememberItOverARestartWithoutAPop() {
        services.restore(SavedState.newBuilder().setWanFirewall(true).build());

        assertEquals(Standing.SUSPENDED, standing(true));
        assertEquals(true, services.hasWanFirewall());
    }

    @Test
    void shouldNameAllElevenInTheWordsOfTheStatus() {
        assertEquals(11, CloudService.values().length);
        assertEquals("not_provided", services.standing(CloudService.MANAGED_XDR, true).word());
    }

    private Standing standing(boolean isOffCloud) {
        return services.standing(CloudService.WAN_FIREWALL, isOffCloud);
    }
}
