package io.spillway.node.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DnsZonesTest {
    @Test
    void shouldFindTheZoneWithTheMostLabels() {
        List<DnsZone> all =
                Stream.of("corp.example", "Lab.corp.example.", "")
                        .map(name -> new DnsZone(name, List.of()))
                        .toList();
        DnsZones zones = new DnsZones(all);

        assertEquals(0, zones.find("corp.example"));
        assertEquals(0, zones.find("www.corp.example"));
        assertEquals(1, zones.find("a.b.lab.corp.example"));
        assertEquals(2, zones.find("mycorp.example"));
        assertEquals(2, zones.find("example"));
        assertEquals(2, zones.find(""));
    }
}
