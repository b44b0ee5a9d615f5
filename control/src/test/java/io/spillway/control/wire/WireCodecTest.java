package io.spillway.control.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireCodecTest {
    @Test
    void shouldDecodeWhatItEncodedForEveryMessage() throws WireException {
        Set<Frame.BodyCase> seen = EnumSet.of(Frame.BodyCase.BODY_NOT_SET);

        for (var entry : Frames.all().entrySet()) {
            byte[] bytes = WireCodec.encode(entry.getKey());
            assertEquals(entry.getKey(), WireCodec.decode(bytes, entry.getValue()));
            seen.add(entry.getKey().getBodyCase());
        }

        assertEquals(EnumSet.allOf(Frame.BodyCase.class), seen);
    }

    @Test
    void shouldRefuseWhatIsNotTheSendersToSay() {
        for (var entry : Frames.all().entrySet()) {
            byte[] bytes = entry.getKey().toByteArray();
            for (WireSender sender : WireSender.values()) {
                if (sender != entry.getValue() && !maySendToo(sender, entry.getKey())) {
                    assertThrows(WireException.class, () -> WireCodec.decode(bytes, sender));
                }
            }
        }
    }

    /** Though it is another one's frame first of all. */
    private static boolean maySendToo(WireSender sender, Frame frame) {
        return switch (sender) {
            case SITE, POP -> frame.hasPing() || frame.hasPong();
            case NODE -> frame.hasPing() || frame.hasPong() || frame.hasWelcome();
            case NEIGHBOUR -> frame.hasPunchRequest() || frame.hasPunchOrder();
            case NEWCOMER -> false;
        };
    }

    @Test
    void shouldNameWhatIsWrongWithAHello() {
        Hello good = Frames.hello();
        refused("site ID is 0", good.toBuilder().setSiteId(0));
        refused("site name is empty", good.toBuilder().setName(""));
        refused("control characters", good.toBuilder().setName("a\nb"));
        refused("longer than 128", good.toBuilder().setName("x".repeat(129)));
        refused("request number 0", good.toBuilder().setRequest(0));
        refused("site type unknown", good.toBuilder().setTypeValue(99));
        HelloLink link = good.getLinks(0);
        refused("link index 0 twice", good.toBuilder().addLinks(link));
        refused("link index 4", withLink(link.toBuilder().setIndex(4)));
        refused("link index 4294967295", withLink(link.toBuilder().setIndex(-1)));
        refused("link precedence 0", withLink(link.toBuilder().setPrecedence(0)));
        refused("MTU 575", withLink(link.toBuilder().setMtu(575)));
        refused("prefix length 33", withPrefix(4, 33));
        refused("prefix length 4294967295", withPrefix(4, -1));
        refused("address of 5 bytes", withPrefix(5, 0));
        ByteString ten = ByteString.copyFrom(new byte[] {10, 1, 0, 1});
        IpPrefix.Builder hostBits = IpPrefix.newBuilder().setAddress(ten).setLength(31);
        refused("bits set behind", good.toBuilder().addLanPrefixes(hostBits));
        ByteString mapped =
                ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 0});
        IpPrefix.Builder ipv4Mapped = IpPrefix.newBuilder().setAddress(mapped).setLength(128);
        refused("IPv4-mapped", good.toBuilder().addLanPrefixes(ipv4Mapped));
    }

    @Test
    void shouldRefuseEndpointsNobodyCanSendTo() {
        for (String address : new String[] {"0.0.0.0", "224.0.0.1", "255.255.255.255", "ff02::1"}) {
            IpPrefix any = WireAddress.prefix(address + (address.contains(":") ? "/128" : "/32"));
            Endpoint endpoint =
                    Endpoint.newBuilder().setAddress(any.getAddress()).setPort(1).build();
            assertThrows(WireException.class, () -> FieldCheck.endpoint(endpoint), address);
        }
        IpPrefix good = WireAddress.prefix("192.0.2.1/32");
        for (int port : new int[] {0, 65536, -1}) {
            Endpoint endpoint =
                    Endpoint.newBuilder().setAddress(good.getAddress()).setPort(port).build();
            assertThrows(WireException.class, () -> FieldCheck.endpoint(endpoint));
        }
    }

    @Test
    void shouldRefuseEmptyAndOversizedFrames() {
        assertThrows(WireException.class, () -> WireCodec.decode(new byte[0], WireSender.SITE));
        byte[] huge = new byte[WireCodec.FRAME_LENGTH_MAX + 1];
        assertThrows(WireException.class, () -> WireCodec.decode(huge, WireSender.SITE));
    }

    @Test
    void shouldNotEncodeWhatTheFarSideWouldRefuse() {
        Frame frame = Frame.newBuilder().setPresence(Presence.newBuilder()).build();

        assertThrows(IllegalArgumentException.class, () -> WireCodec.encode(frame));
    }

    @Test
    void shouldKeepPrefixesAsTheyWere() {
        for (String text : new String[] {"10.1.0.0/16", "0.0.0.0/0", "192.0.2.7/32"}) {
            assertEquals(text, WireAddress.text(WireAddress.prefix(text)));
        }
        assertThrows(IllegalArgumentException.class, () -> WireAddress.prefix("10.1.0.0"));
        assertThrows(IllegalArgumentException.class, () -> WireAddress.prefix("example.net/8"));
    }

    private static Hello.Builder withLink(HelloLink.Builder link) {
        return Frames.hello().toBuilder().setLinks(0, link);
    }

    private static Hello.Builder withPrefix(int addressLength, int length) {
        ByteString address = ByteString.copyFrom(new byte[addressLength]);
        IpPrefix.Builder prefix = IpPrefix.newBuilder().setAddress(address).setLength(length);
        return Frames.hello().toBuilder().addLanPrefixes(prefix);
    }

    private static void refused(String reason, Hello.Builder hello) {
        byte[] bytes = Frame.newBuilder().setHello(hello).build().toByteArray();
        WireException e =
                assertThrows(WireException.class, () -> WireCodec.decode(bytes, WireSender.SITE));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
}
