package io.spillway.node.capture;

import io.spillway.dataplane.agent.CaptureRings;
import io.spillway.dataplane.observe.PcapngWriter;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What became of packets, by place. Owned by the capture's thread. */
final class CaptureTally {
    private final List<CapturePlace> places;
    private final long[] written;
    private final long[] filteredOut;

    CaptureTally(List<CapturePlace> places) {
        this.places = places;
        written = new long[places.size()];
        filteredOut = new long[places.size()];
    }

    void write(int place) {
        written[place]++;
    }

    void filterOut(int place) {
        filteredOut[place]++;
    }

    /** At the end of the file. */
    void describe(PcapngWriter writer, CaptureRings rings, long epochNs) {
        for (int place = 0; place < written.length; place++) {
            long lost = rings.lost(place);
            long seen = written[place] + filteredOut[place] + lost;
            writer.statistics(place, epochNs, seen, lost, written[place]);
        }
    }

    /** For people. */
    ObjectNode answer(String why, CaptureRings rings) {
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        ArrayNode rows = JsonMapper.shared().createArrayNode();
        long packets = 0;
        long allLost = 0;
        for (int place = 0; place < written.length; place++) {
            long lost = rings.lost(place);
            packets += written[place];
            allLost += lost;
            if (written[place] + filteredOut[place] + lost > 0) {
                rows.addObject()
                        .put("place", places.get(place).label())
                        .put("packets", written[place])
                        .put("filteredOut", filteredOut[place])
                        .put("lost", lost);
            }
        }
        answer.put("ended", why).put("packets", packets).put("lost", allLost);
        answer.set("places", rows);
        return answer;
    }
}
