package io.spillway.node.dns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.dns.DnsCounters.Count;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsServiceTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int WAIT_MS = 4_000;

    /** Sooner than any server's silence is noticed. */
    private static final int AT_ONCE_MS = 1_000;

    private static final DnsZone NO_OTHERS = new DnsZone("", List.of());
    private static final int SERVFAIL = 2;
    private static final int NOTIMP = 4;

    private DnsService service;
    private InetSocketAddress address;

    @AfterEach
    void close() {
        service.close();
    }

    private void open(DnsZone... zones) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            address = new InetSocketAddress(LOOPBACK, free.getLocalPort());
        }
        service = DnsService.open(address, List.of(zones), new SecureRandom());
    }

    /** By UDP. */
    private byte[] ask(byte[] query, int waitMs) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
            socket.send(new DatagramPacket(query, query.length, address));
            return receive(socket, waitMs);
        }
    }

    private static byte[] receive(DatagramSocket socket, int waitMs) throws IOException {
        socket.setSoTimeout(waitMs);
        DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    private static byte[] askByTcp(Socket call, byte[] query) throws IOException {
        call.setSoTimeout(WAIT_MS);
        DataOutputStream out = new DataOutputStream(call.getOutputStream());
        out.writeShort(query.length);
        out.write(query);
        DataInputStream in = new DataInputStream(call.getInputStream());
        return in.readNBytes(in.readUnsignedShort());
    }

    private long count(int zone, Count count) {
        return service.counters(zone).get(count);
    }

    @Test
    void shouldAskTheServerOfTheZone() throws IOException {
        try (TestServer corp = TestServer.saying("corp");
                TestServer world = TestServer.saying("world")) {
            open(corp.zone("corp.example"), world.zone(""));
            byte[] inside = Queries.query(1, "www.Corp.example");
            byte[] outside = Queries.query(2, "www.example");

            byte[] answer = ask(inside, WAIT_MS);
            byte[] other = ask(outside, WAIT_MS);

            assertEquals("corp", Queries.text(answer, inside));
            assertEquals(1, Queries.id(answer));
            assertEquals("world", Queries.text(other, outside));
            assertEquals(1, count(0, Count.ANSWERED));
            assertEquals(1, count(1, Count.ANSWERED));
            assertEquals(0, service.outstanding());
        }
    }

    @Test
    void shouldHandOnWhatItDoesNotKnowAsItCame() throws IOException {
        try (TestServer world = TestServer.saying("\0\1\2 any record")) {
            open(world.zone(""));
            byte[] query = Queries.queryWithEdns(9, "MiXed.example");

            byte[] answer = ask(query, WAIT_MS);

            byte[] asked = world.queries().getFirst();
            assertArrayEquals(behindId(query), behindId(asked));
            assertEquals("\0\1\2 any record", Queries.text(answer, query));
        }
    }

    private static byte[] behindId(byte[] message) {
        return Arrays.copyOfRange(message, 2, message.length);
    }

    @Test
    void shouldAskUnderAnotherIdAndFromAnotherPortEachTime() throws IOException {
        try (TestServer world = TestServer.saying("any")) {
            open(world.zone(""));
            for (int i = 0; i < 20; i++) {
                ask(Queries.query(1, "www.example"), WAIT_MS);
            }

            long ids = world.queries().stream().map(Queries::id).distinct().count();
            assertTrue(ids >= 18, () -> ids + " of 20 IDs");
            int ports = new HashSet<>(world.ports()).size();
            assertTrue(ports >= 18, () -> ports + " of 20 ports");
        }
    }

    @Test
    void shouldTakeOnlyWhatAnswersTheQuestion() throws IOException {
        byte[] other = Queries.query(0, "other.example");
        try (TestServer liar =
                new TestServer(
                        query -> {
                            byte[] wrongId = Queries.answer(query, 0, "wrong ID");
                            wrongId[0] = (byte) (wrongId[0] ^ 1);
                            byte[] wrongName = Queries.answer(other, 0, "wrong name");
                            System.arraycopy(query, 0, wrongName, 0, 2);
                            byte[] right = Queries.answer(query, 0, "right");
                            return List.of(wrongId, wrongName, query, new byte[5], right);
                        })) {
            open(liar.zone(""));
            byte[] query = Queries.query(1, "www.example");

            assertEquals("right", Queries.text(ask(query, WAIT_MS), query));
            assertEquals(4, count(0, Count.MISMATCHED));
        }
    }

    @Test
    void shouldFailAtOnceWithoutAnybodyToAsk() throws IOException {
        open(NO_OTHERS);

        byte[] answer = ask(Queries.query(1, "www.example"), AT_ONCE_MS);

        assertEquals(SERVFAIL, Queries.code(answer));
        assertEquals(1, count(0, Count.FAILED));
    }

    @Test
    void shouldFailAtOnceWhereNobodyListens() throws IOException {
        DnsZone.Ends gone;
        try (TestServer closed = TestServer.silent()) {
            gone = closed.ends();
        }
        open(new DnsZone("", List.of(gone)));

        assertEquals(SERVFAIL, Queries.code(ask(Queries.query(1, "www.example"), AT_ONCE_MS)));
    }

    @Test
    void shouldAskTheNextServerWhenOneIsSilentOrCannotAnswer() throws IOException {
        try (TestServer silent = TestServer.silent();
                TestServer failing =
                        new TestServer(query -> List.of(Queries.answer(query, SERVFAIL, "")));
                TestServer good = TestServer.saying("good")) {
            open(new DnsZone("", List.of(failing.ends(), silent.ends(), good.ends())));
            byte[] query = Queries.query(1, "www.example");

            assertEquals("good", Queries.text(ask(query, WAIT_MS), query));
            assertEquals(1, count(0, Count.TIMEOUT));
        }
    }

    @Test
    void shouldAskByTcpWhoCameByTcp() throws IOException {
        String large = "x".repeat(20_000);
        try (TestServer world = TestServer.saying(large)) {
            open(world.zone(""));
            try (Socket call = new Socket(LOOPBACK, address.getPort())) {
                for (int id = 1; id <= 2; id++) {
                    byte[] query = Queries.query(id, "www.example");
                    byte[] answer = askByTcp(call, query);
                    assertEquals(large, Queries.text(answer, query));
                    assertEquals(id, Queries.id(answer));
                }
            }
            assertEquals(List.of(), world.ports());
        }
    }

    @Test
    void shouldRefuseAtOnceWhatIsTooMuch() throws IOException {
        try (TestServer silent = TestServer.silent();
                DatagramSocket host = new DatagramSocket(0, LOOPBACK)) {
            open(silent.zone(""));
            byte[] answer = sendUntilAnswered(host);

            assertEquals(SERVFAIL, Queries.code(answer));
            assertEquals(DnsService.OUTSTANDING_MAX, service.outstanding());
            assertTrue(service.others().get(Count.REFUSED) > 0);
        }
    }

    private byte[] sendUntilAnswered(DatagramSocket host) throws IOException {
        for (int id = 0; id < 10 * DnsService.OUTSTANDING_MAX; id++) {
            byte[] query = Queries.query(id, "www.example");
            host.send(new DatagramPacket(query, query.length, address));
            try {
                return receive(host, 1);
            } catch (SocketTimeoutException e) {
                // not too much yet
            }
        }
        throw new AssertionError("no answer");
    }

    @Test
    void shouldNeverAnswerAnAnswerAndSayWhatItCannotDo() throws IOException {
        open(NO_OTHERS);
        byte[] answer = Queries.answer(Queries.query(1, "www.example"), 0, "");
        byte[] update = Queries.query(1, "www.example");
        update[2] = (byte) (update[2] | 5 << 3);

        assertThrows(SocketTimeoutException.class, () -> ask(answer, 200));
        assertThrows(SocketTimeoutException.class, () -> ask(new byte[11], 200));
        assertEquals(NOTIMP, Queries.code(ask(update, WAIT_MS)));
        assertEquals(3, service.others().get(Count.MALFORMED));
    }

    @Test
    void shouldCloseWhoCallsTooOften() throws IOException {
        open(NO_OTHERS);
        Socket[] calls = new Socket[DnsService.CALLERS_MAX + 1];
        try {
            for (int i = 0; i < calls.length; i++) {
                calls[i] = new Socket(LOOPBACK, address.getPort());
                if (i < DnsService.CALLERS_MAX) {
                    askByTcp(calls[i], Queries.query(i, "www.example"));
                }
            }
            calls[DnsService.CALLERS_MAX].setSoTimeout(WAIT_MS);
            assertEquals(-1, calls[DnsService.CALLERS_MAX].getInputStream().read());
        } finally {
            for (Socket call : calls) {
                call.close();
            }
        }
    }
}
