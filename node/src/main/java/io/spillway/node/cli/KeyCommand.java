package io.spillway.node.cli;

import io.spillway.node.ConfigException;
import io.spillway.node.PopConfig;
import io.spillway.node.pop.api.ApiKey;
import io.spillway.node.pop.api.ApiKeys;
import io.spillway.node.pop.api.ApiRole;
import io.spillway.node.pop.api.ApiScope;
import io.spillway.node.pop.api.AuditLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code spillway pop key}: gives out and ends keys of the PoP's API. Works on the PoP's files,
 * whether or not the daemon runs, which looks at them at each request.
 */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Give out, list and end keys of the PoP's API.")
final class KeyCommand implements Runnable {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int DAYS_MAX = 3650;

    /** Where the keys are; the same in each command. */
    static final class Store {
        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                defaultValue = "/etc/spillway/pop.yaml",
                description = "the PoP's configuration (default: ${DEFAULT-VALUE})")
        private Path config;

        private Path directory() throws ConfigException, IOException {
            PopConfig.Api api = PopConfig.read(config).api();
            if (api == null) {
                throw new IOException(config + ": 'api' is not set: this PoP has no API");
            }
            return api.store();
        }
    }

    private static final class Role implements ITypeConverter<ApiRole> {
        @Override
        public ApiRole convert(String text) {
            return converted(() -> ApiRole.parse(text));
        }
    }

    private static final class Scope implements ITypeConverter<ApiScope> {
        @Override
        public ApiScope convert(String text) {
            return converted(() -> ApiScope.parse(text));
        }
    }

    private static <T> T converted(Supplier<T> parsed) {
        try {
            return parsed.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    @Command(
            description = "Make a key and print it; it is shown this once.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "NAME", description = "whose it is, or what for") String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "viewer",
                            converter = Role.class,
                            description =
                                    "viewer, operator, security or administrator"
                                            + " (default: ${DEFAULT-VALUE})")
                    ApiRole role,
            @Option(
                            names = "--scope",
                            paramLabel = "SITES",
                            defaultValue = "all",
                            converter = Scope.class,
                            description =
                                    "of which sites it tells: all, or IDs such as 1001,1002"
                                            + " (default: ${DEFAULT-VALUE})")
                    ApiScope scope,
            @Option(
                            names = "--days",
                            paramLabel = "DAYS",
                            defaultValue = "365",
                            description = "how long it is good (default: ${DEFAULT-VALUE})")
                    int days,
            @Mixin Store store)
            throws ConfigException, IOException {
        if (days < 1 || days > DAYS_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--days " + days + ": expected 1.." + DAYS_MAX);
        }
        Path directory = store.directory();
        ApiKeys keys = new ApiKeys(directory, CLOCK);
        String text = keys.add(name, role, scope, Duration.ofDays(days));
        note(directory, "key add " + name, null, describe(keys.find(text)));
        out().println(text);
        return ExitStatus.OK;
    }

    @Command(description = "List the keys, never their text.", mixinStandardHelpOptions = true)
    int list(@Mixin Store store) throws ConfigException, IOException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ROLE", "SCOPE", "CREATED", "EXPIRES", ""));
        for (ApiKey key : new ApiKeys(store.directory(), CLOCK).list()) {
            rows.add(
                    List.of(
                            key.name(),
                            key.role().text(),
                            key.scope().text(),
                            day(key.created()),
                            day(key.expires()),
                            key.isExpired(CLOCK.instant()) ? "expired" : ""));
        }
        out().print(TextTable.of(rows));
        out().flush();
        return ExitStatus.OK;
    }

    @Command(description = "End a key at once.", mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "NAME", description = "as it was given out") String name,
            @Mixin Store store)
            throws ConfigException, IOException {
        Path directory = store.directory();
        ApiKey removed = new ApiKeys(directory, CLOCK).remove(name);
        if (removed == null) {
            spec.commandLine().getErr().println("spillway: no key named " + name);
            return ExitStatus.NO;
        }
        note(directory, "key remove " + name, describe(removed), null);
        return ExitStatus.OK;
    }

    private static void note(Path store, String action, String before, String after)
            throws IOException {
        new AuditLog(store, CLOCK)
                .note(
                        new AuditLog.Entry(
                                System.getProperty("user.name"),
                                "command",
                                action,
                                before,
                                after,
                                "done"));
    }

    private static String describe(ApiKey key) {
        return "role "
                + key.role().text()
                + ", scope "
                + key.scope().text()
                + ", expires "
                + key.expires();
    }

    private static String day(Instant time) {
        return time.toString().substring(0, 10);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
