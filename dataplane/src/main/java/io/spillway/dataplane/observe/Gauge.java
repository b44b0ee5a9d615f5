package io.spillway.dataplane.observe;

import org.agrona.concurrent.UnsafeBuffer;

/** A number that one agent sets and any thread reads. */
public final class Gauge {
    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[Integer.BYTES]);

    /** Owner only. */
    public void set(int value) {
        memory.putIntOrdered(0, value);
    }

    public int get() {
        return memory.getIntVolatile(0);
    }
}
