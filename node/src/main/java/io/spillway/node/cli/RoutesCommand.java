package io.spillway.node.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway routes}: the daemon picks and counts; a page at a time comes over. */
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description = "Show the routes: in use, waiting, frozen.",
        subcommands = {RoutesExportCommand.class, RoutesImportCommand.class})
final class RoutesCommand implements Callable<Integer> {
    static final int PAGE_COUNT = 2_000;

    /** Which routes. */
    private static final class Filter {
        @Parameters(
                arity = "0..1",
                paramLabel = "PREFIX",
                description = "It and those inside it, and the longest match; or an address.")
        private String prefix;

        @Option(
                names = "--source",
                paramLabel = "SOURCE",
                description = "Only connected, static, bgp or cloud.")
        private String source;

        @Option(names = "--frozen", description = "Only those that are pinned.")
        private boolean isFrozen;

        @Option(names = "--waiting", description = "Only those of which news wait for a thaw.")
        private boolean isWaiting;

        @Option(names = "--all", description = "All of them, however many there are.")
        private boolean isAll;

        void addTo(ObjectNode request) {
            if (prefix != null) {
                request.put("prefix", prefix);
            }
            if (source != null) {
                request.put("source", source);
            }
            request.put("frozen", isFrozen);
            request.put("waiting", isWaiting);
            if (isAll) {
                request.put("count", PAGE_COUNT);
            }
        }
    }

    /** One of them. */
    private static final class What {
        @ArgGroup(exclusive = false)
        private Filter filter;

        @Option(
                names = "--diff",
                description = "What the last return to the cloud changed, and one now would.")
        private boolean isDifference;
    }

    @ArgGroup private What what = new What();
    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ObjectNode request = JsonMapper.shared().createObjectNode();
        request.put("command", what.isDifference ? "routes-diff" : "routes");
        if (what.filter != null) {
            what.filter.addTo(request);
        }
        boolean isAll = what.filter != null && what.filter.isAll;
        return daemon.askPages(request, isAll, spec.commandLine());
    }
}
