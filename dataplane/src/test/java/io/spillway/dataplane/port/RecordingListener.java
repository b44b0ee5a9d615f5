package io.spillway.dataplane.port;

import java.util.ArrayList;
import java.util.List;

/** Writes down what the table wants, one line each. */
final class RecordingListener implements NeighbourTable.Listener {
    final List<String> lines = new ArrayList<>();

    @Override
    public void onRequestDue(int interfaceIndex, long high, long low, long knownMac) {
        lines.add("ask " + interfaceIndex + ":" + (low & 0xFF) + " " + knownMac);
    }

    @Override
    public void onResolved(int slot, long mac) {
        lines.add("send " + slot + " " + mac);
    }

    @Override
    public void onUnresolved(int slot, boolean hasTimedOut) {
        lines.add((hasTimedOut ? "timeout " : "displaced ") + slot);
    }

    /** What was wanted since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }
}
