package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
    @Test
    void shouldMoveCallingThreadAlone() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    Path outer = PrivateNetwork.file();
                    try (TapDevice tap = TapDevice.open(TapDeviceTest.ip("tun7"))) {
                        int index = NetworkDevice.index(tap.name());
                        PrivateNetwork.run(
                                () -> {
                                    assertThrows(
                                            LinuxException.class,
                                            () -> NetworkDevice.index("tun7"));

                                    NetworkNamespace.enter(outer);

                                    assertEquals(index, NetworkDevice.index("tun7"));
                                });
                    }
                });
        assertThrows(LinuxException.class, () -> NetworkDevice.index("tun7"));
    }

    @Test
    void shouldSayWhatIsWrongWithFile() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    LinuxException missing =
                            assertThrows(
                                    LinuxException.class,
                                    () -> NetworkNamespace.enter(Path.of("/run/netns/none")));
                    LinuxException other =
                            assertThrows(
                                    LinuxException.class,
                                    () -> NetworkNamespace.enter(Path.of("/dev/null")));

                    assertTrue(missing.getMessage().startsWith("open /run/netns/none: ENOENT"));
                    assertEquals(
                            "setns /dev/null: EINVAL (the file is not a network namespace)",
                            other.getMessage());
                });
    }

    @Test
    void shouldRefuseVirtualThread() throws Exception {
        Throwable[] thrown = new Throwable[1];

        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                NetworkNamespace.enter(Path.of("/proc/self/ns/net"));
                            } catch (Exception e) {
                                thrown[0] = e;
                            }
                        })
                .join();

        assertEquals(IllegalStateException.class, thrown[0].getClass());
    }
}
