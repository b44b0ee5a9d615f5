package io.spillway.dataplane.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Blocks beside the same ones put together by hand, from draft-ietf-opsawg-pcapng. */
class PcapngWriterTest {
    private static final UnsafeBuffer PACKET =
            new UnsafeBuffer(HexFormat.of().parseHex("eeee4500000102"));

    private final PcapngWriter writer = new PcapngWriter(PcapngWriter.BLOCK_LENGTH_MAX + 64);

    @Test
    void shouldBeginWithSection() {
        writer.section("Spillway 1");

        assertWritten(
                """
                0a0d0d0a 30000000
                4d3c2b1a 0100 0000 ffffffffffffffff
                0400 0a00 5370696c6c776179203100 00
                0000 0000
                30000000
                """);
    }

    @Test
    void shouldDescribeInterface() {
        writer.describe(new PcapngWriter.Interface(PcapngWriter.RAW_IP, "drop"), 256, "udp");

        assertWritten(
                """
                01000000 30000000
                6500 0000 00010000
                0200 0400 64726f70
                0900 0100 09 000000
                0b00 0400 00756470
                0000 0000
                30000000
                """);
    }

    @Test
    void shouldWritePacketWithIdAndComment() {
        byte[] comment = "hi!".getBytes(StandardCharsets.US_ASCII);

        writer.packet(1, 0x0102030405060708L, PACKET, 2, 5, 9);
        writer.endPacket(CapturePoint.WAN_OUT.direction(), 7, comment);

        assertWritten(
                """
                06000000 48000000
                01000000 04030201 08070605 05000000 09000000
                4500000102 000000
                0200 0400 02000000
                0500 0800 0700000000000000
                0100 0300 686921 00
                0000 0000
                48000000
                """);
    }

    @Test
    void shouldEndWithStatistics() {
        writer.statistics(2, 0x0102030405060708L, 10, 3, 5);

        assertWritten(
                """
                05000000 40000000
                02000000 04030201 08070605
                0400 0800 0a00000000000000
                0500 0800 0300000000000000
                0600 0800 0500000000000000
                0000 0000
                40000000
                """);
    }

    @Test
    void shouldHaveNoRoomUntilCleared() {
        assertTrue(writer.hasRoom() && writer.isEmpty());
        writer.packet(0, 0, PACKET, 2, 5, 5);
        writer.endPacket(CapturePoint.Direction.NONE, 1, null);
        assertFalse(writer.isEmpty());
        writer.packet(0, 0, PACKET, 2, 5, 5);
        writer.endPacket(CapturePoint.Direction.NONE, 2, null);

        assertFalse(writer.hasRoom());
        writer.clear();

        assertTrue(writer.hasRoom() && writer.isEmpty());
    }

    private void assertWritten(String hex) {
        ByteBuffer written = writer.written();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        assertEquals(hex.replaceAll("\\s", ""), HexFormat.of().formatHex(bytes));
    }
}
