package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventType;
import io.spillway.node.pop.PopView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Events reach the PoP once, also those of a time without a channel (R090). */
class UploadSystemTest extends SystemTest {
    private static final String TEXT = "told without a channel";

    @Test
    void shouldUploadWhatWasToldWithoutAChannelWhenItIsBack() {
        seeds(
                2,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    world.site(1).channel().cut(true);
                    world.run(15_000);
                    assertFalse(world.site(1).channel().isOpen());

                    var event = new EventDraft(EventType.CONNECTED, TEXT, Map.of());
                    view(world, 1).tell(event);
                    world.run(1_000);
                    assertEquals(0, told(world));

                    world.site(1).channel().cut(false);
                    world.run(10_000);
                    assertTrue(world.site(1).channel().isOpen());
                    assertEquals(1, told(world));
                    assertEquals(List.of(), world.site(1).journal().pending(10));
                });
    }

    private static long told(SimWorld world) {
        PopView pop = new PopView(world.pop(0).control());
        return pop.events().stream().filter(TEXT::equals).count();
    }
}
