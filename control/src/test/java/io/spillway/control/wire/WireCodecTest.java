package io.spillway.control.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
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
            case SITE, POP -> frame.hasPing() || frame.hasPong() || frame.hasRouteRequest();
            case NODE ->
                    frame.hasPing()
                            || frame.hasPong()
                            || frame.hasWelcome()
                            || frame.hasRouteRequest();
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
    }

    @Test
    void shouldNameWhatIsWrongWithAPartOfRoutes() {
        RoutePart good = Frames.part();
        refused("generation of routes is 0", good.toBuilder().setGeneration(0));
        refused("part 4294967295", good.toBuilder().setNumber(-1));
        refused("withdrawn from nothing", good.toBuilder().setBase(0));
        refused("prefix length 33", announced(33, 10, 0, 0, 0, 0));
        refused("prefix length 255", announced(255, 10));
        refused("prefix is cut short", announced(24, 10, 0));
        refused("prefix is cut short", announced(8));
        refused("bits set behind", announced(31, 10, 1, 0, 1));
        refused("bits set behind", announced(9, 10, 0x40));
        refused("prefixes not in order", announced(8, 10, 8, 9));
        refused("prefixes not in order", announced(16, 10, 0, 8, 10));
        refused("prefixes not in order", announced(0, 0));
        int length = WireCodec.ROUTE_PART_LENGTH_MAX + 1;
        ByteString long6 = ByteString.copyFrom(new byte[length]);
        RoutePart.Builder large =
                good.toBuilder()
                        .clearWithdrawn()
                        .setAnnounced(Prefixes.newBuilder().setIpv6(long6));
        refused("prefixes of 65537 bytes in one part", large);
    }

    private static RoutePart.Builder announced(int... bytes) {
        byte[] nlri = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            nlri[i] = (byte) bytes[i];
        }
        Prefixes.Builder ipv4 = Prefixes.newBuilder().setIpv4(ByteString.copyFrom(nlri));
        return Frames.part().toBuilder().setAnnounced(ipv4);
    }

    private static void refused(String reason, RoutePart.Builder part) {
        RouteAdvert.Builder advert = RouteAdvert.newBuilder().setPart(part);
        byte[] bytes = Frame.newBuilder().setRouteAdvert(advert).build().toByteArray();
        WireException e =
                assertThrows(WireException.class, () -> WireCodec.decode(bytes, WireSender.SITE));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void shouldRefuseEndpointsNobodyCanSendTo() {
        for (String address : new String[] {"0.0.0.0", "224.0.0.1", "255.255.255.255", "ff02::1"}) {
            Endpoint endpoint = endpoint(address, 1);
            assertThrows(WireException.class, () -> FieldCheck.endpoint(endpoint), address);
        }
        for (int port : new int[] {0, 65536, -1}) {
            Endpoint endpoint = endpoint("192.0.2.1", port);
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

    private static Endpoint endpoint(String address, int port) {
        ByteString bytes = ByteString.copyFrom(InetAddress.ofLiteral(address).getAddress());
        return Endpoint.newBuilder().setAddress(bytes).setPort(port).build();
    }

    private static Hello.Builder withLink(HelloLink.Builder link) {
        return Frames.hello().toBuilder().setLinks(0, link);
    }

    private static void refused(String reason, Hello.Builder hello) {
        byte[] bytes = Frame.newBuilder().setHello(hello).build().toByteArray();
        WireException e =
                assertThrows(WireException.class, () -> WireCodec.decode(bytes, WireSender.SITE));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
}
