package io.spillway.dataplane.agent;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * News from the data plane's agents to control: each agent has a {@link NewsRing} of its own, which
 * are drained in turn. News of one tunnel keep their order, since one agent has all of them.
 */
public final class ControlEvents {
    /** What control does with the news. Called on the control thread. */
    public interface Handler {
        void onAuthenticated(int tunnel, int connectionId);

        void onProbe(int tunnel, int flags, int originLink, long originSite);

        /** Times are the data-plane agent's nanoseconds. */
        void onProbeReply(
                int tunnel, int flags, int sequence, long originSite, long sentNs, long receivedNs);

        /** A proof of ours came back, in an IP packet of that length; times as above. */
        void onProof(int tunnel, int sequence, int length, long sentNs, long receivedNs);

        void onClose(int tunnel);

        /** The peer was proven to be at another endpoint, where what we send goes already. */
        void onMoved(int tunnel, InetSocketAddress remote);

        /**
         * @param connectionId the one of ours that a record of type 25 carries, else 0
         */
        void onHandshake(int link, InetSocketAddress remote, int connectionId, byte[] datagram);

        /** A datagram with the header of STUN; nothing else of it is checked. */
        void onStun(int link, InetSocketAddress remote, byte[] datagram);
    }

    private final NewsRing[] rings;

    ControlEvents(List<NewsRing> rings) {
        this.rings = rings.toArray(NewsRing[]::new);
    }

    /** What ends control's sleep; called by an agent after every cycle that leaves urgent news. */
    public void onNews(Runnable action) {
        for (NewsRing ring : rings) {
            ring.onNews(action);
        }
    }

    /** Whether control must not sleep over what waits. Any thread. */
    public boolean isUrgent() {
        for (NewsRing ring : rings) {
            if (ring.isUrgent()) {
                return true;
            }
        }
        return false;
    }

    /** Control thread only. Hands on at most {@code max} messages and as many datagrams a ring. */
    public int drain(Handler handler, int max) {
        int drained = 0;
        for (NewsRing ring : rings) {
            drained += ring.drain(handler, max);
        }
        return drained;
    }

    /** Messages that found no room. Any thread. */
    public long lost() {
        long lost = 0;
        for (NewsRing ring : rings) {
            lost += ring.lost();
        }
        return lost;
    }
}
