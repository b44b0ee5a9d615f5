package io.spillway.routing.fib;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Next hops of equal worth, in order; immutable. Packets of one flow take the same of them for as
 * long as the set stays.
 */
public final class NextHopSet {
    public static final int SIZE_MAX = 64;

    private final NextHop[] members;

    private NextHopSet(NextHop[] members) {
        this.members = members;
    }

    public static NextHopSet of(NextHop only) {
        return new NextHopSet(new NextHop[] {only});
    }

    /**
     * A next hop that is named twice gets twice the flows.
     *
     * @throws IllegalArgumentException for none or more than {@link #SIZE_MAX}
     */
    public static NextHopSet of(Collection<NextHop> members) {
        if (members.isEmpty() || members.size() > SIZE_MAX) {
            throw new IllegalArgumentException(members.size() + " next hops, not 1.." + SIZE_MAX);
        }
        return new NextHopSet(members.toArray(NextHop[]::new));
    }

    public int size() {
        return members.length;
    }

    public NextHop first() {
        return members[0];
    }

    /**
     * @param flowHash the same for all packets of a flow, every bit as good as the others
     */
    public NextHop choose(int flowHash) {
        NextHop[] all = members;
        return all[(int) (Integer.toUnsignedLong(flowHash) * all.length >>> Integer.SIZE)];
    }

    public List<NextHop> members() {
        return List.of(members);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NextHopSet set && Arrays.equals(members, set.members);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(members);
    }

    @Override
    public String toString() {
        return Arrays.toString(members);
    }
}
