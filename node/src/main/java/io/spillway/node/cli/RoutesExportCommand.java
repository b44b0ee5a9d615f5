package io.spillway.node.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway routes export FILE}: what the daemon shows, as other tools read it. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write the routes in force to a file of the collectors' format (MRT TABLE_DUMP_V2,",
            "RFC 6396); packed, if its name ends in .gz."
        })
final class RoutesExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Written anew.")
    private Path file;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    /** Peers come first in the file, so the daemon is asked twice. */
    @Override
    public Integer call() throws IOException {
        ObjectNode request = JsonMapper.shared().createObjectNode();
        request.put("command", "routes").put("count", RoutesCommand.PAGE_COUNT);
        MrtExport export = new MrtExport();
        daemon.readPages(request, export::notePeers);
        try (OutputStream out = open()) {
            export.begin(out, System.currentTimeMillis());
            daemon.readPages(request, export::write);
        }
        ObjectNode answer = JsonMapper.shared().createObjectNode().put("file", file.toString());
        answer.put("prefixes", export.prefixes()).put("paths", export.paths());
        daemon.print(answer, spec.commandLine());
        return ExitStatus.OK;
    }

    private OutputStream open() throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 64 << 10);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(out, 64 << 10) : out;
    }
}
