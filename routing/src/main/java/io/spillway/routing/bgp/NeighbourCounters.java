package io.spillway.routing.bgp;

import java.util.function.ObjLongConsumer;

/**
 * What a neighbour has said since the start; it never shrinks. Each object is its owner's alone.
 */
public final class NeighbourCounters {
    long messagesReceived;
    long messagesSent;
    long updatesReceived;
    long updatesSent;

    /** UPDATEs with a fault that cost their routes, and attributes left out (RFC 7606). */
    long treatedAsWithdrawn;

    long attributesDiscarded;

    /** UPDATEs whose path has our own AS. */
    long loops;

    /** UPDATEs with routes that came from the cloud; see {@link SiteOfOrigin}. */
    long fromSites;

    /** UPDATEs whose attributes found no room. */
    long withoutRoom;

    /** Routes not taken: by the accept list, the limit, for their next hop. */
    long filtered;

    long overLimit;
    long badNextHops;

    /** Routes whose attributes are too long for the neighbour's messages. */
    long tooLong;

    long ignored() {
        return filtered + overLimit + badNextHops;
    }

    NeighbourCounters copy() {
        NeighbourCounters copy = new NeighbourCounters();
        copy.messagesReceived = messagesReceived;
        copy.messagesSent = messagesSent;
        copy.updatesReceived = updatesReceived;
        copy.updatesSent = updatesSent;
        copy.treatedAsWithdrawn = treatedAsWithdrawn;
        copy.attributesDiscarded = attributesDiscarded;
        copy.loops = loops;
        copy.fromSites = fromSites;
        copy.withoutRoom = withoutRoom;
        copy.filtered = filtered;
        copy.overLimit = overLimit;
        copy.badNextHops = badNextHops;
        copy.tooLong = tooLong;
        return copy;
    }

    /** Tells each by its name. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("messagesReceived", messagesReceived);
        consumer.accept("messagesSent", messagesSent);
        consumer.accept("updatesReceived", updatesReceived);
        consumer.accept("updatesSent", updatesSent);
        consumer.accept("treatedAsWithdrawn", treatedAsWithdrawn);
        consumer.accept("attributesDiscarded", attributesDiscarded);
        consumer.accept("loops", loops);
        consumer.accept("fromSites", fromSites);
        consumer.accept("withoutRoom", withoutRoom);
        consumer.accept("filtered", filtered);
        consumer.accept("overLimit", overLimit);
        consumer.accept("badNextHops", badNextHops);
        consumer.accept("tooLong", tooLong);
    }
}
