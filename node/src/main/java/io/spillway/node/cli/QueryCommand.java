package io.spillway.node.cli;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A question to the running daemon; its name on the command line is its name on the socket. */
@Command(mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {

    private static final Duration TEST_PATIENCE = Duration.ofMinutes(2);

    private static final Map<String, String> DESCRIPTIONS =
            Map.of(
                    "status", "Show who this node is, its state and what it uses.",
                    "tunnels", "Show the tunnels to PoPs and peers.",
                    "events", "Show what happened, oldest first.",
                    "drops", "Show how many packets died, by reason.");

    private final String question;

    @Spec private CommandSpec spec;

    @Mixin private Daemon daemon;

    private QueryCommand(String question) {
        this.question = question;
    }

    /** How each is made, by name. */
    static Map<String, Supplier<CommandLine>> all() {
        Map<String, Supplier<CommandLine>> all = new TreeMap<>();
        DESCRIPTIONS.forEach((name, description) -> all.put(name, () -> query(name, description)));
        all.put("recovery", QueryCommand::recovery);
        all.put("policy", QueryCommand::policy);
        all.put("firewall", QueryCommand::firewall);
        all.put("notices", QueryCommand::notices);
        return all;
    }

    private static CommandLine query(String name, String description) {
        CommandLine line = new CommandLine(new QueryCommand(name));
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }

    /** {@code spillway pop drain} and {@code drain-end}. */
    static Map<String, CommandLine> ofPop() {
        CommandLine drain = new CommandLine(new QueryCommand("drain"));
        drain.getCommandSpec()
                .usageMessage()
                .description("Ask the sites attached here to move to another node, without loss.");
        CommandLine end = new CommandLine(new QueryCommand("drain-end"));
        end.getCommandSpec()
                .usageMessage()
                .description("Take sites again, after a drain; a restart does so too.");
        return Map.of("drain", drain, "drain-end", end);
    }

    /** {@code spillway policy preview} and {@code apply}, at a PoP. */
    private static CommandLine policy() {
        CommandLine preview = new CommandLine(new QueryCommand("policy-preview"));
        preview.getCommandSpec()
                .usageMessage()
                .description("Show which site would gain and lose whom by the PoP's file.");
        CommandLine apply = new CommandLine(new QueryCommand("policy-apply"));
        apply.getCommandSpec()
                .usageMessage()
                .description("Put the policy of the PoP's file in force, and show the same.");
        CommandLine policy = new CommandLine(CommandSpec.create().mixinStandardHelpOptions(true));
        policy.getCommandSpec()
                .usageMessage()
                .description("Change topology and switches while everything runs.");
        policy.addSubcommand("preview", preview);
        policy.addSubcommand("apply", apply);
        return policy;
    }

    /** {@code spillway firewall} and {@code spillway firewall apply}, at a site or a PoP. */
    private static CommandLine firewall() {
        CommandLine apply = new CommandLine(new QueryCommand("firewall-apply"));
        apply.getCommandSpec()
                .usageMessage()
                .description("Read the policy again and put it in force, for all flows.");
        CommandLine firewall = new CommandLine(new QueryCommand("firewall"));
        firewall.getCommandSpec()
                .usageMessage()
                .description("Show the rules of a LAN, or at a PoP, and what each has decided.");
        firewall.addSubcommand("apply", apply);
        return firewall;
    }

    /** {@code spillway notices} and {@code spillway notices test}, at a site or a PoP. */
    private static CommandLine notices() {
        CommandLine test = new CommandLine(new QueryCommand("notices-test"));
        test.getCommandSpec()
                .usageMessage()
                .description(
                        "Send everybody a test notice now, and show whether it arrived.",
                        "Exit status 1 if anybody did not get it.");
        CommandLine notices = new CommandLine(new QueryCommand("notices"));
        notices.getCommandSpec()
                .usageMessage()
                .description("Show who is told what happens, and how that goes.");
        notices.addSubcommand("test", test);
        return notices;
    }

    /** {@code spillway recovery return}: what is done to a daemon, rather than asked of it. */
    private static CommandLine recovery() {
        CommandLine back = new CommandLine(new QueryCommand("return"));
        back.getCommandSpec()
                .usageMessage()
                .description("End the back-off: return to the cloud as soon as peers are proven.");
        CommandLine recovery = new CommandLine(CommandSpec.create().mixinStandardHelpOptions(true));
        recovery.getCommandSpec().usageMessage().description("Steer recovery by hand.");
        recovery.addSubcommand("return", back);
        return recovery;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode request = JsonMapper.shared().createObjectNode().put("command", question);
        return daemon.ask(request, patience(), QueryCommand::isYes, spec.commandLine());
    }

    /** Receivers may be slow. */
    private Duration patience() {
        return question.endsWith("-test") ? TEST_PATIENCE : CommandClient.TIMEOUT;
    }

    /** Of answers that have a verdict. */
    private static boolean isYes(JsonNode answer) {
        return !answer.path("verdict").asString("").equals("FAILED");
    }
}
