package io.spillway.node.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureFaultsTest {
    private static final SignatureFaults NONE = new SignatureFaults(0, 0, 0);

    @Test
    void shouldFindItsCountersAmongTheKernels() {
        List<String> netstat =
                List.of(
                        "TcpExt: SyncookiesSent TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure Last",
                        "TcpExt: 9 3 2 1 8",
                        "IpExt: InNoRoutes",
                        "IpExt: 7");

        assertEquals(new SignatureFaults(3, 2, 1), SignatureFaults.parse(netstat));
    }

    @Test
    void shouldTakeUnknownCountersAsZero() {
        assertEquals(NONE, SignatureFaults.parse(List.of("TcpExt: Other", "TcpExt: 5")));
        assertEquals(NONE, SignatureFaults.parse(List.of()));
    }

    @Test
    void shouldReadThoseOfThisMachine() {
        assertTrue(SignatureFaults.read().count() >= 0);
    }

    @Test
    void shouldTellOfDroppedSegmentsOnceUntilTheyCease() {
        List<String> told = new ArrayList<>();
        SignatureFaults[] counters = {NONE};
        SignatureWatch watch = new SignatureWatch(() -> counters[0], told::add);
        for (long wrong : new long[] {0, 1, 5, 5, 5, 6}) {
            counters[0] = new SignatureFaults(0, 0, wrong);
            watch.run();
        }

        String line = "segments come whose TCP MD5 signature is wrong: passwords differ";
        assertEquals(List.of(line, line), told);
    }

    @Test
    void shouldSayWhatAnAttemptFailedOf() {
        ConnectTimeoutException timeout = new ConnectTimeoutException();

        assertEquals("no answer", BgpFailure.ofConnect(timeout, false, NONE, NONE));
        assertEquals(
                "no answer; perhaps the TCP MD5 passwords differ",
                BgpFailure.ofConnect(timeout, true, NONE, NONE));
        assertEquals(
                "no answer; meanwhile came segments whose TCP MD5 signature is missing: the"
                        + " passwords differ",
                BgpFailure.ofConnect(timeout, true, NONE, new SignatureFaults(1, 0, 0)));
        assertEquals(
                "Connection refused",
                BgpFailure.ofConnect(
                        new ConnectException(
                                "finishConnect(..) failed with error(-111): Connection refused"),
                        true,
                        NONE,
                        NONE));
    }
}
