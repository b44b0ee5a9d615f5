package io.spillway.routing.bgp;

import java.util.Arrays;

/**
 * Every set of attributes once, by content and by number. Sets that no path has any more are
 * forgotten. Bounded by the bytes of all bodies.
 */
final class AttributeTable {
    private static final int CAPACITY_MIN = 1024;

    /** What an object takes besides its body, roughly. */
    private static final int OBJECT_LENGTH = 128;

    private final long bytesMax;
    private final NextHopCheck nextHops;
    private PathAttributes[] hashed = new PathAttributes[CAPACITY_MIN];
    private PathAttributes[] numbered = new PathAttributes[CAPACITY_MIN / 2];
    private int[] free = new int[CAPACITY_MIN / 2];
    private int freeCount;
    private int numberedCount;
    private int size;
    private long bytes;

    AttributeTable(long bytesMax, NextHopCheck nextHops) {
        this.bytesMax = bytesMax;
        this.nextHops = nextHops;
    }

    int size() {
        return size;
    }

    PathAttributes get(int id) {
        return numbered[id];
    }

    /** The set of that content, with no reference added; null when there is no room for it. */
    PathAttributes intern(AttributeScratch scratch) {
        int hash = scratch.hash();
        int at = hash & hashed.length - 1;
        while (hashed[at] != null) {
            if (hashed[at].hash == hash && hashed[at].equalsScratch(scratch)) {
                return hashed[at];
            }
            at = at + 1 & hashed.length - 1;
        }
        int length = OBJECT_LENGTH + scratch.bodyLength;
        if (bytes + length > bytesMax) {
            return null;
        }
        bytes += length;
        PathAttributes made = new PathAttributes(scratch, hash, nextHops);
        hashed[at] = made;
        number(made);
        size++;
        if (2 * size > hashed.length) {
            grow();
        }
        return made;
    }

    private void number(PathAttributes made) {
        if (freeCount > 0) {
            made.id = free[--freeCount];
        } else {
            if (numberedCount == numbered.length) {
                numbered = Arrays.copyOf(numbered, 2 * numberedCount);
            }
            made.id = numberedCount++;
        }
        numbered[made.id] = made;
    }

    private void grow() {
        PathAttributes[] before = hashed;
        hashed = new PathAttributes[2 * before.length];
        for (PathAttributes each : before) {
            if (each != null) {
                int at = each.hash & hashed.length - 1;
                while (hashed[at] != null) {
                    at = at + 1 & hashed.length - 1;
                }
                hashed[at] = each;
            }
        }
    }

    void retain(PathAttributes attributes) {
        attributes.references++;
    }

    void release(PathAttributes attributes) {
        attributes.references--;
        forgetUnused(attributes);
    }

    /** After {@link #intern}, when no path took it in the end. */
    void forgetUnused(PathAttributes attributes) {
        if (attributes.references > 0 || numbered[attributes.id] != attributes) {
            return;
        }
        remove(attributes);
        numbered[attributes.id] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = attributes.id;
        size--;
        bytes -= OBJECT_LENGTH + attributes.body.length;
    }

    /** What follows moves up, so that no search ends too early. */
    private void remove(PathAttributes attributes) {
        int mask = hashed.length - 1;
        int hole = attributes.hash & mask;
        while (hashed[hole] != attributes) {
            hole = hole + 1 & mask;
        }
        for (int at = hole + 1 & mask; hashed[at] != null; at = at + 1 & mask) {
            int home = hashed[at].hash & mask;
            if ((at - home & mask) >= (at - hole & mask)) {
                hashed[hole] = hashed[at];
                hole = at;
            }
        }
        hashed[hole] = null;
    }
}
