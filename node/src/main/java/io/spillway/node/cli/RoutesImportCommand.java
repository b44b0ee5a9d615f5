package io.spillway.node.cli;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.mrt.MrtException;
import io.spillway.routing.mrt.MrtReader;
import io.spillway.routing.mrt.MrtSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway routes import FILE}: reads a collector's file and says what it holds. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Read a file of the collectors' format (MRT TABLE_DUMP_V2, RFC 6396), plain or gzip,",
            "and show what it holds. No daemon is asked, and none takes the routes."
        })
final class RoutesImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Such as a collector's rib.20261127.0000.gz.")
    private Path file;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        MrtSummary summary = new MrtSummary();
        long leftOut;
        try (InputStream in = Files.newInputStream(file)) {
            leftOut = MrtReader.read(in, summary);
        } catch (MrtException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        answer.put("ipv4Prefixes", summary.prefixes(true));
        answer.put("ipv6Prefixes", summary.prefixes(false));
        answer.put("paths", summary.paths());
        answer.put("attributeSets", summary.attributeSets());
        answer.put("peerCount", summary.peers().size());
        answer.put("recordsLeftOut", leftOut);
        ArrayNode peers = answer.putArray("peers");
        summary.peers()
                .forEach(
                        peer ->
                                peers.addObject()
                                        .put("address", peer.address().toString())
                                        .put("as", peer.as())
                                        .put("bgpId", IpAddress.ofIpv4(peer.bgpId()).toString()));
        describeLengths(answer.putArray("lengths"), summary);
        daemon.print(answer, spec.commandLine());
        return ExitStatus.OK;
    }

    private static void describeLengths(ArrayNode lengths, MrtSummary summary) {
        long[] ipv4 = summary.lengths(true);
        long[] ipv6 = summary.lengths(false);
        for (int length = 0; length <= Prefix.IPV6_LENGTH_MAX; length++) {
            long count4 = length <= Prefix.IPV4_LENGTH_MAX ? ipv4[length] : 0;
            if (count4 + ipv6[length] > 0) {
                lengths.addObject()
                        .put("length", length)
                        .put("ipv4", count4)
                        .put("ipv6", ipv6[length]);
            }
        }
    }
}
