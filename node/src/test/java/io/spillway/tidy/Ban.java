package io.spillway.tidy;

import java.util.List;

/**
 * A call that has no place on the packet's way.
 *
 * @param owner fully qualified class that declares the method; calls on its subtypes count too
 * @param method its name; {@code *}: every method and constructor
 * @param instead what to do
 */
record Ban(String owner, String method, String instead) {

    private static final String INJECT_TIME = "take nowNs from the duty cycle (STYLE 19, 23)";
    private static final String COUNT = "count with Counters or Drops (STYLE 11, 33)";
    private static final String NO_TEXT = "no text per packet: a DropReason or a number (STYLE 14)";
    private static final String LOOP = "write the loop (STYLE 14)";
    private static final String OPEN_ADDRESSED = "an Agrona primitive map or an array (STYLE 8)";
    private static final String NEVER_WAIT = "return 0 and let the agent idle (STYLE 15, 22)";
    private static final String VIEW = "pass (buffer, offset): bytes stay in their slot (STYLE 9)";

    /** Bans for every packet; {@link #COPIES} are on top, with their own short list. */
    static final List<Ban> CALLS =
            List.of(
                    new Ban("java.lang.System", "nanoTime", INJECT_TIME),
                    new Ban("java.lang.System", "currentTimeMillis", INJECT_TIME),
                    new Ban("java.time.Instant", "now", INJECT_TIME),
                    new Ban("java.time.Clock", "*", INJECT_TIME),
                    new Ban("java.lang.String", "format", NO_TEXT),
                    new Ban("java.lang.String", "formatted", NO_TEXT),
                    new Ban("java.lang.StringBuilder", "*", NO_TEXT),
                    new Ban("org.slf4j.Logger", "*", COUNT),
                    new Ban("org.slf4j.LoggerFactory", "*", COUNT),
                    new Ban("java.io.PrintStream", "*", COUNT),
                    new Ban("java.util.stream.BaseStream", "*", LOOP),
                    new Ban("java.util.Collection", "stream", LOOP),
                    new Ban("java.util.Arrays", "stream", LOOP),
                    new Ban("java.lang.Iterable", "forEach", LOOP),
                    new Ban(
                            "java.util.Optional",
                            "*",
                            "null or a negative number, said in Javadoc"),
                    new Ban("java.util.Map", "*", OPEN_ADDRESSED),
                    new Ban("java.util.Set", "*", OPEN_ADDRESSED),
                    new Ban("java.util.ArrayDeque", "*", "an array and two indices (STYLE 8)"),
                    new Ban("java.util.LinkedList", "*", "an array and two indices (STYLE 8)"),
                    new Ban("java.lang.Integer", "valueOf", "keep the int (STYLE 14)"),
                    new Ban("java.lang.Long", "valueOf", "keep the long (STYLE 14)"),
                    new Ban("java.lang.Thread", "sleep", NEVER_WAIT),
                    new Ban("java.lang.Thread", "join", NEVER_WAIT),
                    new Ban("java.lang.Object", "wait", NEVER_WAIT),
                    new Ban("java.util.concurrent.locks.Lock", "*", NEVER_WAIT),
                    new Ban("java.util.concurrent.locks.LockSupport", "*", NEVER_WAIT));

    /** Calls that copy a run of bytes. */
    static final List<Ban> COPIES =
            List.of(
                    new Ban("org.agrona.DirectBuffer", "getBytes", VIEW),
                    new Ban("org.agrona.MutableDirectBuffer", "putBytes", VIEW),
                    new Ban("java.lang.System", "arraycopy", VIEW),
                    new Ban("java.lang.foreign.MemorySegment", "copy", VIEW),
                    new Ban("java.lang.foreign.MemorySegment", "copyFrom", VIEW),
                    new Ban("java.lang.foreign.MemorySegment", "toArray", VIEW),
                    new Ban("java.util.Arrays", "copyOf", VIEW),
                    new Ban("java.util.Arrays", "copyOfRange", VIEW),
                    new Ban("org.agrona.UnsafeApi", "copyMemory", VIEW));

    /** {@link java.nio.ByteBuffer} methods that copy when a parameter is an array or a buffer. */
    static final List<Ban> BYTE_BUFFER_COPIES =
            List.of(
                    new Ban("java.nio.ByteBuffer", "put", VIEW),
                    new Ban("java.nio.ByteBuffer", "get", VIEW));

    /** As a finding names it. */
    @Override
    public String toString() {
        return owner.substring(owner.lastIndexOf('.') + 1) + "." + method + "; " + instead;
    }
}
