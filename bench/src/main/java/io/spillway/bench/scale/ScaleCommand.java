package io.spillway.bench.scale;

import io.spillway.bench.Environment;
import io.spillway.bench.PrivateBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway bench scale}. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = {
            "What a whole mesh costs one appliance: memory and processor time of its tunnels,",
            "and how long they take to stand again after a restart without any PoP."
        })
public final class ScaleCommand implements Callable<Integer> {
    private static final int PEERS_MAX = 999;
    private static final int LINKS_MAX = 4;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Leaves a report for machines.")
    private Path json;

    @Option(names = "--peers", defaultValue = "499", description = "Other sites; default: 499.")
    private int peers;

    @Option(names = "--links", defaultValue = "3", description = "Of every site; default: 3.")
    private int links;

    @Option(names = "--idle", defaultValue = "60", description = "Seconds at rest; default: 60.")
    private int idle;

    @Option(
            names = "--starts",
            description = "Only how long both starts take; nothing is measured at rest.")
    private boolean isStartsOnly;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (peers < 1 || peers > PEERS_MAX || links < 1 || links > LINKS_MAX || idle < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected --peers 1 to %d, --links 1 to %d, --idle 1 or more"
                            .formatted(PEERS_MAX, LINKS_MAX));
        }
        Environment environment = PrivateBench.enter(spec);
        if (isStartsOnly) {
            StartFigures starts = run(peers, links, idle).runStarts();
            report(environment, "starts", starts, starts.text());
        } else {
            ScaleFigures figures = measure(peers, links, idle);
            report(environment, "scale", figures, figures.text());
        }
        return 0;
    }

    private void report(Environment environment, String name, Object figures, String text)
            throws IOException {
        System.out.print(text);
        if (json != null) {
            ObjectNode report = JSON.createObjectNode();
            report.set("environment", JSON.valueToTree(environment));
            report.set(name, JSON.valueToTree(figures));
            Files.writeString(json, JSON.writeValueAsString(report) + "\n");
        }
    }

    /** In a namespace of our own. */
    public static ScaleFigures measure(int peers, int links, int idleSeconds)
            throws IOException, InterruptedException {
        return run(peers, links, idleSeconds).run();
    }

    private static ScaleRun run(int peers, int links, int idleSeconds) throws IOException {
        LocalNode.quietFarEnds();
        Path place = Files.createDirectories(PrivateBench.DIRECTORY.resolve("scale"));
        return new ScaleRun(peers, links, idleSeconds, place, System.out::println);
    }
}
