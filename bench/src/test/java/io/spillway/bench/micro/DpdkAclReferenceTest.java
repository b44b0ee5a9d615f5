package io.spillway.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spillway.routing.fib.Prefix;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DpdkAclReferenceTest {
    @Test
    void shouldWriteRulesAndPacketsAsItReadsThem() {
        Prefix source = Prefix.parse("10.1.2.0/24");
        Prefix any = Prefix.parse("0.0.0.0/0");

        assertEquals(
                "@10.1.2.0/24 0.0.0.0/0 0 : 65535 443 : 443 0x06/0xff",
                DpdkAclReference.line(new AccessList.Rule(source, any, 6, 443, 443)));
        assertEquals(
                "@0.0.0.0/0 10.1.2.0/24 0 : 65535 0 : 65535 0x00/0x00",
                DpdkAclReference.line(new AccessList.Rule(any, source, 0, 53, 53)));
        assertEquals(
                "4294967295 167772161 40000 53 17",
                DpdkAclReference.line(new AccessList.Packet(-1, 0x0a000001, 17, 53)));
    }

    @Test
    void shouldTakeTheLastFigureAndSayWhenThereIsNone() throws Exception {
        String output =
                """
                search_ip5tuples  @lcore 0: 1 iterations, 9 pkts, 1 categories, 9 cycles (0.00 sec), 300.00 cycles/pkt, 1.00 pkt/sec
                search_ip5tuples  @lcore 0: 100 iterations, 9 pkts, 1 categories, 9 cycles (0.00 sec), 214.50 cycles/pkt, 1.00 pkt/sec
                """;

        assertEquals(214.5, DpdkAclReference.cycles(output));
        assertThrows(IOException.class, () -> DpdkAclReference.cycles("rte_acl_build failed"));
    }
}
