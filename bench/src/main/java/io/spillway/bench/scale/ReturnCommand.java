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

/** {@code spillway bench return}. */
@Command(
        name = "return",
        mixinStandardHelpOptions = true,
        description = {
            "Hundreds of sites attach at once to one PoP that was killed: how long until each",
            "is attached and knows everything, and what the PoP says for it."
        })
public final class ReturnCommand implements Callable<Integer> {
    private static final int SITES_MAX = 1000;
    private static final int LINKS_MAX = 4;
    private static final int ROUTES_MAX = 1024;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Leaves a report for machines.")
    private Path json;

    @Option(names = "--sites", defaultValue = "500", description = "Default: 500.")
    private int sites;

    @Option(names = "--links", defaultValue = "1", description = "Of every site; default: 1.")
    private int links;

    @Option(names = "--routes", defaultValue = "10", description = "Of every site; default: 10.")
    private int routes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean isPossible =
                sites >= 2
                        && sites <= SITES_MAX
                        && links >= 1
                        && links <= LINKS_MAX
                        && routes >= 1
                        && routes <= ROUTES_MAX;
        if (!isPossible) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected --sites 2 to %d, --links 1 to %d, --routes 1 to %d"
                            .formatted(SITES_MAX, LINKS_MAX, ROUTES_MAX));
        }
        Environment environment = PrivateBench.enter(spec);
        ReturnFigures figures = measure(sites, links, routes);
        System.out.print(figures.text());
        if (json != null) {
            ObjectNode report = JSON.createObjectNode();
            report.set("environment", JSON.valueToTree(environment));
            report.set("return", JSON.valueToTree(figures));
            Files.writeString(json, JSON.writeValueAsString(report) + "\n");
        }
        return 0;
    }

    /** In a namespace of our own. */
    public static ReturnFigures measure(int sites, int links, int routes)
            throws IOException, InterruptedException {
        LocalNode.quietFarEnds();
        Path place = Files.createDirectories(PrivateBench.DIRECTORY.resolve("return"));
        return new ReturnRun(sites, links, routes, place, System.out::println).run();
    }
}
