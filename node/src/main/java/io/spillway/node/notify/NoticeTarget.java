package io.spillway.node.notify;

import java.io.IOException;

/** Who is told. One thread. */
interface NoticeTarget {
    /** As the configuration names it. */
    String name();

    /** Where it is, without secrets. */
    String place();

    /**
     * Returns when the far side has it; blocks for some seconds at most.
     *
     * @throws NoticeRefusedException when the far side will never take this one
     * @throws IOException when it may take it another time
     */
    void send(Notice notice) throws IOException;
}
