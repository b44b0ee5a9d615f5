package io.spillway.node.cli;

import io.spillway.node.AskedPacket;
import io.spillway.node.CommandClient;
import io.spillway.routing.fib.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway explain}: what the data plane does with a packet, which is not sent. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Show what becomes of a packet: rules, route, transport, tunnel and path MTU.",
            "Without --proto as far as its addresses decide.",
            "Exit status 1 if it would be dropped."
        })
final class ExplainCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Option(names = "--dst", required = true, paramLabel = "ADDR", description = "Where it goes.")
    private String destination;

    @Option(names = "--src", paramLabel = "ADDR", description = "Where answers to it go.")
    private String source;

    @Option(
            names = "--in",
            paramLabel = "PORT",
            description =
                    "Where it comes in: a LAN network or port, host, cloud, or another site; at a"
                            + " PoP a site, a node, or internet. With --src the source guard has"
                            + " its say.")
    private String ingress;

    @Option(
            names = "--vlan",
            paramLabel = "V",
            description = "Of a LAN port that several have; 0: the untagged one.")
    private Integer vlan;

    @Option(names = "--mac", paramLabel = "MAC", description = "Of the card that sends it.")
    private String mac;

    @Option(
            names = "--proto",
            paramLabel = "PROTO",
            description =
                    "tcp, udp, icmp (an echo), icmp/TYPE, icmp/TYPE/CODE, icmpv6, or a number;"
                            + " with --src: then rules have their say.")
    private String protocol;

    @Option(names = "--dport", paramLabel = "N", description = "Destination port of TCP or UDP.")
    private Integer destinationPort;

    @Option(names = "--sport", paramLabel = "N", description = "Source port (default: 49152).")
    private Integer sourcePort;

    @Option(
            names = "--fragment",
            paramLabel = "PART",
            description =
                    "first or later: of the packet that comes in fragments. later without"
                            + " --identification: its first came a moment before.")
    private String fragment;

    @Option(
            names = "--identification",
            paramLabel = "N",
            description = "Which packet a later fragment is of, if its first came lately.")
    private Long identification;

    @Option(
            names = "--icmp-error",
            paramLabel = "TYPE[/CODE]",
            description = "Ask about the ICMP error that quotes the packet instead.")
    private String icmpError;

    @Option(
            names = "--error-from",
            paramLabel = "ADDR",
            description = "Who sends the error (default: where the packet goes).")
    private String errorFrom;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "As if it were in cloud or recovery, by the tunnels that are up now.")
    private String state;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "As if these rules were in force.")
    private Path policy;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode request = request();
        IpAddress.parse(destination);
        AskedPacket.of(request);
        return daemon.ask(
                request, CommandClient.TIMEOUT, answer -> !answer.has("drop"), spec.commandLine());
    }

    private ObjectNode request() {
        ObjectNode request = JSON.createObjectNode().put("command", "explain");
        request.put("dst", destination);
        put(request, "src", source);
        put(request, "in", ingress);
        put(request, "vlan", vlan);
        put(request, "mac", mac);
        put(request, "proto", protocol);
        put(request, "dport", destinationPort);
        put(request, "sport", sourcePort);
        put(request, "fragment", fragment);
        put(request, "identification", identification);
        put(request, "icmpError", icmpError);
        put(request, "errorFrom", errorFrom);
        put(request, "state", state);
        put(request, "policy", policy == null ? null : policy.toAbsolutePath().toString());
        return request;
    }

    private static void put(ObjectNode request, String key, Object value) {
        if (value != null) {
            request.set(key, JSON.valueToTree(value));
        }
    }
}
