package io.spillway.node.enrol;

import io.spillway.crypto.CertifiedName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code spillway site join TOKEN}: a new machine becomes a site. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = "Make this machine's key and get its certificate, with a token of the PoP.")
public final class JoinCommand implements Callable<Integer> {
    private static final int OK = 0;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "TOKEN",
            converter = TokenConverter.class,
            description = "as printed by 'spillway pop enroll-token'")
    private JoinToken token;

    @Option(
            names = "--identity",
            required = true,
            paramLabel = "DIR",
            description = "the node's identity directory")
    private Path identity;

    private static final class TokenConverter implements ITypeConverter<JoinToken> {
        @Override
        public JoinToken convert(String text) {
            try {
                return JoinToken.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        CertifiedName name = Join.run(token, identity, InstantSource.system());
        spec.commandLine().getOut().println(identity + ": " + name);
        return OK;
    }
}
