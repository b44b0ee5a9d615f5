package io.spillway.tap;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Remembers what ICMP said. */
final class Complaints implements UnreachableMonitor.Listener {
    /**
     * @param code or, of what was too big, the MTU
     */
    record Report(InetSocketAddress local, InetSocketAddress remote, boolean isTooBig, int code) {}

    final List<Report> reports = new ArrayList<>();

    @Override
    public void onUnreachable(InetSocketAddress local, InetSocketAddress remote, int code) {
        reports.add(new Report(local, remote, false, code));
    }

    @Override
    public void onTooBig(InetSocketAddress local, InetSocketAddress remote, int mtu) {
        reports.add(new Report(local, remote, true, mtu));
    }
}
