package io.spillway.bench;

import io.spillway.node.lab.PrivateNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What every measurement does first that needs namespaces of its own. */
public final class PrivateBench {
    /** For configurations and logs; gone with the namespaces. */
    public static final Path DIRECTORY = Path.of("/run/spillway-bench");

    private PrivateBench() {}

    /**
     * Where it is measured; a busy machine is warned of.
     *
     * @throws ParameterException where nothing private can be had, saying why
     */
    public static Environment enter(CommandSpec spec) throws IOException {
        Optional<String> obstacle = PrivateNetwork.obstacle("./" + spec.qualifiedName());
        if (obstacle.isPresent()) throw new ParameterException(spec.commandLine(), obstacle.get());
        Environment environment = Environment.here();
        if (!environment.warning().isEmpty()) System.err.println(environment.warning());
        return environment;
    }
}
