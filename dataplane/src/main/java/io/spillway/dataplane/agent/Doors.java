package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.ReadyFlag;
import java.util.List;

/** The doors of one agent, looked at all at once. Owned by that agent. */
final class Doors {
    private final List<LoopAgent.Door> doors;
    private final ReadyFlag[] flags;

    Doors(List<LoopAgent.Door> doors) {
        this.doors = List.copyOf(doors);
        flags = doors.stream().map(LoopAgent.Door::ready).toArray(ReadyFlag[]::new);
    }

    List<LoopAgent.Door> all() {
        return doors;
    }

    /** Nothing waits at any, as far as an event told. */
    boolean isDrained() {
        for (ReadyFlag flag : flags) {
            if (flag.isReady()) {
                return false;
            }
        }
        return true;
    }

    void setReady() {
        for (ReadyFlag flag : flags) {
            flag.set();
        }
    }
}
