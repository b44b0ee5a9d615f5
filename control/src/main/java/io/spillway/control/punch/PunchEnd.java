package io.spillway.control.punch;

import com.google.protobuf.ByteString;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.PunchOrder;
import io.spillway.control.wire.WireAddress;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/**
 * One end of a pair as its broker sees it: a site's link. {@code endpoints} have an {@link
 * LinkEndpoints#outside} when an order is made of it.
 */
public record PunchEnd(long siteId, int link, LinkEndpoints endpoints) {
    private static final int KEY_LENGTH = 32;

    /** What both ends of one attempt have in common: its name, and the key of its probes. */
    public record Attempt(long id, ByteString key) {
        /**
         * @param random unknown to others
         */
        public static Attempt of(RandomGenerator random) {
            long id = random.nextLong();
            byte[] key = new byte[KEY_LENGTH];
            random.nextBytes(key);
            return new Attempt(id == 0 ? 1 : id, ByteString.copyFrom(key));
        }
    }

    /** Tells this end to send probes to the other. */
    public Frame orderTowards(PunchEnd other, Attempt attempt) {
        PunchOrder.Builder order =
                PunchOrder.newBuilder()
                        .setId(attempt.id())
                        .setKey(attempt.key())
                        .setSiteId(other.siteId)
                        .setLocalLink(link)
                        .setRemoteLink(other.link)
                        .setOutside(WireAddress.endpoint(other.endpoints.outside()))
                        .setFixed(other.endpoints.fixed() != null);
        InetSocketAddress local = other.endpoints.local();
        boolean isLocalOfUse =
                local != null
                        && endpoints.isBehindSameNat(other.endpoints)
                        && !local.equals(other.endpoints.outside());
        if (isLocalOfUse) {
            order.setLocal(WireAddress.endpoint(local));
        }
        return Frame.newBuilder().setPunchOrder(order).build();
    }
}
