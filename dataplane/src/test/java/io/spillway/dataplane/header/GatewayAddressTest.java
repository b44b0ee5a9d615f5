package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayAddressTest {
    private static final long MAC = 0x0200_5E10_0001L;

    @Test
    void shouldReadAddressesOfBothFamilies() {
        GatewayAddress v4 = GatewayAddress.parse("10.1.0.1/24");
        GatewayAddress v6 = GatewayAddress.parse("fd00:1::1/64");

        assertEquals(new GatewayAddress(true, 0, 0x0A010001L, 24), v4);
        assertEquals(new GatewayAddress(false, 0xFD00_0001_0000_0000L, 1, 64), v6);
    }

    @Test
    void shouldRefuseOtherTextAndSayWhy() {
        String[] wrong = {
            "10.1.0.1",
            "10.1/24",
            "::ffff:10.1.0.1/64",
            "10.1.0.1/0",
            "10.1.0.1/33",
            "fd00::1/129",
            "gateway/24",
            "10.1.0.1/x",
            "224.0.0.1/24",
            "ff02::1/64",
            "::/64",
            "",
            "/"
        };
        for (String text : wrong) {
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> GatewayAddress.parse(text),
                                    text)
                            .getMessage();
            assertTrue(message.contains("'" + text + "'"), message);
        }
    }

    @Test
    void shouldKnowWhatIsOnLink() {
        GatewayAddresses gateway =
                gateway("10.1.0.1/24", "10.9.9.9/32", "fd00:1::1/64", "fd00:2::1/72");

        assertTrue(gateway.isOnLink(Packets.ip4("10.1.0.255")));
        assertFalse(gateway.isOnLink(Packets.ip4("10.1.1.0")));
        assertTrue(gateway.isOnLink(Packets.ip4("10.9.9.9")));
        assertFalse(gateway.isOnLink(Packets.ip4("10.9.9.8")));
        assertTrue(isOnLink(gateway, "fd00:1::ffff:0:0:1"));
        assertFalse(isOnLink(gateway, "fd00:1:0:1::1"));
        assertTrue(isOnLink(gateway, "fd00:2::ff:0:0:1"));
        assertFalse(isOnLink(gateway, "fd00:2::100:0:0:1"));
        assertTrue(isOnLink(gateway, "fe80::1"));
    }

    @Test
    void shouldChooseTheSourceOfTheSameNetwork() {
        GatewayAddresses gateway =
                gateway("10.1.0.1/24", "10.2.0.1/24", "fd00:1::1/64", "fd00:2::1/64");

        assertEquals(Packets.ip4("10.2.0.1"), gateway.ipv4SourceFor(Packets.ip4("10.2.0.9")));
        assertEquals(Packets.ip4("10.1.0.1"), gateway.ipv4SourceFor(Packets.ip4("8.8.8.8")));
        assertEquals(1, gateway.indexOfIpv6Source(Packets.high("fd00:2::9"), 9));
        assertEquals(0, gateway.indexOfIpv6Source(Packets.high("2001:db8::9"), 9));
        assertEquals(0, gateway().ipv4SourceFor(Packets.ip4("8.8.8.8")));
        assertEquals(GatewayAddresses.NONE, gateway().indexOfIpv6Source(0, 9));
    }

    @Test
    void shouldOwnTheLinkLocalAddressOnlyWithIpv6() {
        GatewayAddresses without = gateway("10.1.0.1/24");
        GatewayAddresses with = gateway("fd00:1::1/64");

        assertTrue(with.isOwn(with.linkLocalHigh(), with.linkLocalLow()));
        assertFalse(without.isOwn(with.linkLocalHigh(), with.linkLocalLow()));
        assertEquals(Packets.low("fe80::5eff:fe10:1"), with.linkLocalLow());
    }

    @Test
    void shouldRefuseAMacOrVlanThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new GatewayAddresses(0, 0, List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new GatewayAddresses(MacAddress.BROADCAST, 0, List.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new GatewayAddresses(MAC, 4095, List.of()));
    }

    private static boolean isOnLink(GatewayAddresses gateway, String address) {
        return gateway.isOnLink(Packets.high(address), Packets.low(address));
    }

    private static GatewayAddresses gateway(String... addresses) {
        List<GatewayAddress> list = List.of(addresses).stream().map(GatewayAddress::parse).toList();
        return new GatewayAddresses(MAC, 0, list);
    }
}
