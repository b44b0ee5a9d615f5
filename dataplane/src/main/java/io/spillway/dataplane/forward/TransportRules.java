package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.PacketBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * By which transport packets leave for other sites where a rule decides it, and how many did. The
 * rules are immutable; the lan agent counts, any thread reads.
 */
public final class TransportRules {
    /** There are none. */
    public static final TransportRules EMPTY = new TransportRules(List.of());

    private static final int FIRST = 0;
    private static final int SECONDARY = 1;
    private static final int REFUSED = 2;
    private static final int OUTCOMES = 3;

    private final Choice[] choices;
    private final AtomicLongArray packets;

    /**
     * What one rule says.
     *
     * @param secondary while the first has no tunnel that lives; behind it stands AUTOMATIC, unless
     *     it is NONE
     */
    public record Choice(WanTransport first, WanTransport secondary) {
        /** How packets leave for the site; null: nothing leads there that it allows. */
        SiteExit exit(SiteExit site) {
            SiteExit exit = site.by(first);
            return exit == null ? second(site) : exit;
        }

        /** While the first has no tunnel that lives. */
        private SiteExit second(SiteExit site) {
            if (secondary == WanTransport.NONE) {
                return null;
            }
            SiteExit exit = site.by(secondary);
            return exit == null ? site : exit;
        }
    }

    /**
     * @param choices of rules 1, 2 and so on, as {@link PacketBuffer#wanRule} numbers them
     */
    public TransportRules(List<Choice> choices) {
        this(choices.toArray(Choice[]::new));
    }

    private TransportRules(Choice[] choices) {
        this.choices = choices;
        packets = new AtomicLongArray(OUTCOMES * (choices.length + 1));
    }

    /** The same, with counts of their own. */
    public TransportRules uncounted() {
        return new TransportRules(choices);
    }

    /**
     * How the packet, which has a rule, leaves for the site.
     *
     * @return null: nothing leads there that its rule allows
     */
    SiteExit choose(PacketBuffer packet, SiteExit site) {
        Choice choice = choices[packet.wanRule - 1];
        SiteExit first = site.by(choice.first);
        if (first != null) {
            count(packet, FIRST);
            return first;
        }
        SiteExit second = choice.second(site);
        count(packet, second == null ? REFUSED : SECONDARY);
        return second;
    }

    /** The same of that rule, and nothing is counted. */
    SiteExit exit(int rule, SiteExit site) {
        return choices[rule - 1].exit(site);
    }

    private void count(PacketBuffer packet, int outcome) {
        int at = OUTCOMES * packet.wanRule + outcome;
        packets.setOpaque(at, packets.getPlain(at) + packet.packetCount());
    }

    /** Packets of that rule for which its first choice was there. */
    public long byFirst(int rule) {
        return packets.getOpaque(OUTCOMES * rule + FIRST);
    }

    /** Packets for which it was not, and something else was allowed. */
    public long bySecondary(int rule) {
        return packets.getOpaque(OUTCOMES * rule + SECONDARY);
    }

    /** Packets that died since nothing else was allowed. */
    public long refused(int rule) {
        return packets.getOpaque(OUTCOMES * rule + REFUSED);
    }
}
