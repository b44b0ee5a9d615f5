package io.spillway.node.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's manual page for man(1), in the words of its {@code --help}. */
final class ManPage {
    private static final String SECTION = "1";

    private final CommandSpec spec;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandLine command) {
        spec = command.getCommandSpec();
    }

    /** In man(7). */
    static String of(CommandLine command) {
        ManPage writer = new ManPage(command);
        writer.write();
        return writer.page.toString();
    }

    /** {@code spillway-firewall-apply.1}. */
    static String fileName(CommandLine command) {
        return title(command.getCommandSpec()) + "." + SECTION;
    }

    private static String title(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private void write() {
        List<String> description = List.of(spec.usageMessage().description());
        macro(".TH", title(spec).toUpperCase(Locale.ROOT), SECTION, "", "", "Spillway");
        macro(".SH", "NAME");
        text(title(spec) + " - " + (description.isEmpty() ? "" : description.getFirst()));
        macro(".SH", "SYNOPSIS");
        text(
                new CommandLine.Help(
                                spec, new CommandLine.Help.ColorScheme.Builder(Ansi.OFF).build())
                        .synopsis(0)
                        .strip());
        macro(".SH", "DESCRIPTION");
        description.forEach(this::paragraph);
        options();
        commands();
        macro(".SH", "EXIT STATUS");
        item("0", "Done; the answer is yes.");
        item("1", "The answer is no, or it could not be done.");
        item("2", "Wrong usage, or wrong configuration.");
    }

    private void options() {
        macro(".SH", "OPTIONS");
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            item(parameter.paramLabel(), String.join(" ", parameter.description()));
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                String names = String.join(", ", option.names()) + value;
                item(names, String.join(" ", option.description()));
            }
        }
    }

    private void commands() {
        if (spec.subcommands().isEmpty()) {
            return;
        }
        macro(".SH", "COMMANDS");
        spec.subcommands()
                .forEach(
                        (name, command) ->
                                item(
                                        name,
                                        String.join(
                                                " ",
                                                command.getCommandSpec()
                                                        .usageMessage()
                                                        .description())));
    }

    private void item(String name, String description) {
        page.append(".TP\n");
        macro(".B", name);
        text(description);
    }

    private void paragraph(String line) {
        page.append(".PP\n");
        text(line);
    }

    private void macro(String name, String... words) {
        page.append(name);
        for (String word : words) {
            page.append(" \"").append(escaped(word).replace("\"", "\\(dq")).append('"');
        }
        page.append('\n');
    }

    /** A line that begins like a request is none. */
    private void text(String line) {
        String plain = escaped(line);
        boolean isLikeRequest = plain.startsWith(".") || plain.startsWith("'");
        page.append(isLikeRequest ? "\\&" : "").append(plain).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}
