package io.spillway.dataplane.agent;

import java.net.InetSocketAddress;
import java.util.List;

/** Control as a list of what it heard. */
class Recorder implements ControlEvents.Handler {
    private final List<String> heard;

    Recorder(List<String> heard) {
        this.heard = heard;
    }

    @Override
    public void onAuthenticated(int tunnel, int connectionId) {
        heard.add("authenticated " + tunnel);
    }

    @Override
    public void onProbe(int tunnel, int flags, int originLink, long originSite) {
        heard.add("probe " + tunnel + " " + flags + " " + originLink + " " + originSite);
    }

    @Override
    public void onProbeReply(
            int tunnel, int flags, int sequence, long originSite, long sentNs, long receivedNs) {
        heard.add("reply " + tunnel + " " + flags + " " + sequence + " " + originSite);
    }

    @Override
    public void onProof(int tunnel, int sequence, int length, long sentNs, long receivedNs) {
        heard.add("proof " + tunnel + " " + sequence + " " + length);
    }

    @Override
    public void onClose(int tunnel) {
        heard.add("close " + tunnel);
    }

    @Override
    public void onHandshake(int link, InetSocketAddress remote, int connectionId, byte[] datagram) {
        heard.add("handshake " + link);
    }

    @Override
    public void onMoved(int tunnel, InetSocketAddress remote) {
        heard.add("moved " + tunnel + " " + remote);
    }

    @Override
    public void onStun(int link, InetSocketAddress remote, byte[] datagram) {
        heard.add("stun " + link);
    }
}
