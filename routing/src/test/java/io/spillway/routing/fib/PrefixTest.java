package io.spillway.routing.fib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "10.1.0.0/16",
                "128.0.0.0/1",
                "255.255.255.255/32",
                "::/0",
                "::1/128",
                "fd00:1::/64",
                "2001:db8::1:0:0:1/128",
                "2001:db8:0:1:1:1:1:1/128",
                "1:0:0:2::/64",
                "1:2:3:4:5:6:7:8/128",
                "::ffff:192.0.2.0/120"
            })
    void shouldReadAndWriteCanonicalText(String text) {
        assertEquals(text, Prefix.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:0:0:0:1/128, 2001:db8::1/128",
        "2001:0db8::0001/128, 2001:db8::1/128",
        "0:0:0:0:0:0:0:0/0, ::/0",
        "1::2:3:4:5:6:7/128, 1:0:2:3:4:5:6:7/128",
        "1:0:0:2:0:0:0:3/128, 1:0:0:2::3/128",
        "1:0:0:2:0:0:3:4/128, 1::2:0:0:3:4/128",
        "::1.2.3.4/128, ::102:304/128",
        "0:0:0:0:0:ffff:1.2.3.4/128, ::ffff:1.2.3.4/128",
        "64:ff9b::192.0.2.33/128, 64:ff9b::c000:221/128",
        "1:2:3:4:5:6:7::/112, 1:2:3:4:5:6:7:0/112",
        "::2:3:4:5:6:7:8/128, 0:2:3:4:5:6:7:8/128"
    })
    void shouldWriteIpv6AsRfc5952(String text, String canonical) {
        assertEquals(canonical, Prefix.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.0.0 | no prefix length",
                "10.1.0.0/ | prefix length is not a number from 0 to 32",
                "10.1.0.0/33 | prefix length is not a number from 0 to 32",
                "10.1.0.0/+8 | prefix length",
                "10.1.0.0/08 | prefix length",
                "10.1.0.0/-1 | prefix length",
                "10.1.0.0/16/3 | prefix length",
                "fd00::/129 | prefix length is not a number from 0 to 128",
                "10.1.0.1/16 | bits set behind the length: the network is 10.1.0.0/16",
                "fd00::1/64 | bits set behind the length: the network is fd00::/64",
                "10.1.0/16 | four numbers from 0 to 255",
                "10.1.0.256/32 | four numbers from 0 to 255",
                "10.01.0.0/16 | leading zero",
                "10.1.0.0.0/16 | four numbers from 0 to 255",
                "localhost/32 | four numbers from 0 to 255",
                "1::2::3/64 | only once",
                ":::/64 | only once",
                "1:2:3:4:5:6:7::8/128 | stands for no group",
                "1:2:3:4:5:6:7/128 | found 7",
                "1:2:3:4:5:6:7:8:9/128 | more than 8 groups",
                "12345::/64 | 1 to 4 hexadecimal digits",
                "g::/64 | 1 to 4 hexadecimal digits",
                ":1::/64 | 1 to 4 hexadecimal digits",
                "1.2.3.4::/64 | 1 to 4 hexadecimal digits",
                "fe80::1%eth0/128 | zones are not accepted"
            })
    void shouldRefuseNamingTextAndReason(String text, String reason) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Prefix.parse(text)).getMessage();

        assertTrue(message.contains("\"" + text + "\""), message);
        assertTrue(message.contains(reason), message);
    }

    @Test
    void shouldRefuseNullAndBadParts() {
        assertThrows(IllegalArgumentException.class, () -> Prefix.parse(null));
        assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(null));
        assertThrows(IllegalArgumentException.class, () -> Prefix.ofIpv4(1, 31));
        assertThrows(IllegalArgumentException.class, () -> Prefix.ofIpv4(0, 33));
        assertThrows(IllegalArgumentException.class, () -> Prefix.ofIpv6(0, 1, 127));
        assertThrows(IllegalArgumentException.class, () -> new IpAddress(true, 1, 0));
    }

    @Test
    void shouldContainWhatLiesInsideAndNothingElse() {
        Prefix network = Prefix.parse("10.1.0.0/16");

        assertTrue(network.contains(network));
        assertTrue(network.contains(Prefix.parse("10.1.255.0/24")));
        assertTrue(Prefix.parse("0.0.0.0/0").contains(network));
        assertTrue(network.contains(IpAddress.parse("10.1.2.3")));
        assertFalse(network.contains(Prefix.parse("10.0.0.0/8")));
        assertFalse(network.contains(Prefix.parse("10.2.0.0/16")));
        assertFalse(network.contains(IpAddress.parse("10.2.0.0")));
        assertFalse(Prefix.parse("::/0").contains(network));
        assertFalse(Prefix.parse("0.0.0.0/0").contains(IpAddress.parse("::")));
        assertTrue(Prefix.parse("fd00::/65").contains(IpAddress.parse("fd00::7fff:0:0:1")));
        assertFalse(Prefix.parse("fd00::/65").contains(IpAddress.parse("fd00::8000:0:0:1")));
    }

    @Test
    void shouldBuildFromAddresses() {
        IpAddress gateway = IpAddress.parse("10.1.0.1");

        assertEquals(Prefix.parse("10.1.0.0/24"), Prefix.containing(gateway, 24));
        assertEquals(Prefix.parse("10.1.0.1/32"), Prefix.host(gateway));
        assertEquals(Prefix.parse("::1/128"), Prefix.host(IpAddress.ofIpv6(0, 1)));
        assertEquals(0x0A010001, gateway.toIpv4());
        assertEquals(gateway, IpAddress.ofIpv4(0x0A010001));
    }

    @Test
    void shouldSortByFamilyThenAddressThenShorterFirst() {
        List<Prefix> sorted = new ArrayList<>();
        for (String text :
                List.of(
                        "0.0.0.0/0",
                        "10.0.0.0/8",
                        "10.0.0.0/16",
                        "10.1.0.0/16",
                        "200.0.0.0/8",
                        "::/0",
                        "fd00::/16",
                        "fd00::/64",
                        "fd00::1/128")) {
            sorted.add(Prefix.parse(text));
        }
        List<Prefix> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(1));

        Collections.sort(shuffled);

        assertEquals(sorted, shuffled);
    }

    @Test
    void shouldShowGatewayInTheFamilyOfItsRoute() {
        NextHop router = NextHop.via(2, IpAddress.parse("10.1.0.254"));
        NextHop router6 = NextHop.via(2, IpAddress.parse("fe80::1"));

        assertEquals(0x0A0100FE, router.gatewayIpv4());
        assertEquals("10.1.0.254", router.gateway(true).toString());
        assertEquals("fe80::1", router6.gateway(false).toString());
        assertFalse(router.isOnLink());
        assertTrue(NextHop.onLink(2).isOnLink());
        assertThrows(IllegalArgumentException.class, () -> new NextHop(NextHop.Kind.HOST, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new NextHop(NextHop.Kind.SITE, 1, 1, 0));
    }
}
