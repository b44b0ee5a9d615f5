package io.spillway.node;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file that is refused: every mistake in it, one per line of the message. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private static final Comparator<ConfigMistake> IN_ORDER =
            Comparator.comparingInt(ConfigMistake::line).thenComparing(ConfigMistake::key);

    private final transient List<ConfigMistake> mistakes;

    ConfigException(List<ConfigMistake> mistakes) {
        super(
                inOrder(mistakes).stream()
                        .map(ConfigMistake::toString)
                        .collect(Collectors.joining("\n")));
        this.mistakes = inOrder(mistakes);
    }

    ConfigException(String file, int line, String problem) {
        this(List.of(new ConfigMistake(file, line, "", problem)));
    }

    /** In order of lines; never empty. */
    public List<ConfigMistake> mistakes() {
        return mistakes;
    }

    private static List<ConfigMistake> inOrder(List<ConfigMistake> mistakes) {
        return mistakes.stream().sorted(IN_ORDER).toList();
    }
}
