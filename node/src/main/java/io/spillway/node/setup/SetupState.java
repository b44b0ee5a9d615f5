package io.spillway.node.setup;

import io.spillway.node.StateFile;
import io.spillway.tap.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What a setup must know after this process: how what it did is undone, and what was chosen. One
 * directory of root's, since what lies there is run.
 *
 * <pre>
 *   trial          undoes what waits for confirmation; whoever renames it first decides
 *   trial-choices  what was chosen for it
 *   kept           a trial that was confirmed, and is not yet part of undo
 *   undo           undoes all that was confirmed since the machine started
 *   undoing        one of them while it runs; then it is undone
 *   choices        what is done again at the machine's next start
 * </pre>
 *
 * <p>A script that undoes names the start of the machine that it is of: a restart undoes everything
 * by itself. All methods block.
 */
final class SetupState {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String HEAD = "# undoes what spillway setup did; start of the machine: ";
    private static final String TRIAL = "trial";
    private static final String TRIAL_CHOICES = "trial-choices";
    private static final String KEPT = "kept";
    private static final String UNDO = "undo";
    private static final String UNDOING = "undoing";
    private static final String UNDONE = "undone";
    private static final String CHOICES = "choices";

    /**
     * Goes on when everything else of this login ends. Parameters: directory, seconds, the line by
     * which it knows its own trial from a later one.
     */
    private static final String WATCH =
            """
            trap '' HUP
            cd "$0" || exit
            sleep "$1"
            grep -qxF "$2" trial && mv trial undoing || exit
            sh undoing
            rm -f trial-choices
            mv undoing undone
            """;

    private final Path directory;

    SetupState(Path directory) {
        this.directory = directory;
    }

    /** Whether something waits for confirmation. */
    boolean isOnTrial() throws IOException {
        return ofThisStart(TRIAL) != null;
    }

    /** Of what no longer waits for it: whether it is kept. */
    boolean isKept() {
        return Files.notExists(directory.resolve(UNDOING))
                && Files.notExists(directory.resolve(UNDONE));
    }

    /**
     * From now on the plan is undone after that time, unless somebody confirms; whatever becomes of
     * this process.
     */
    void beginTrial(SetupPlan plan, SetupChoices choices, int seconds) throws IOException {
        String mark = "# " + Long.toHexString(System.nanoTime());
        write(TRIAL_CHOICES, text(choices));
        Files.deleteIfExists(directory.resolve(UNDONE));
        write(TRIAL, head() + mark + "\n" + plan.undoing());
        Programs.run(
                "setsid",
                "--fork",
                "sh",
                "-c",
                "exec >/dev/null 2>&1 </dev/null\n" + WATCH,
                directory.toAbsolutePath().toString(),
                Integer.toString(seconds),
                mark);
    }

    /**
     * @return false: nothing waits for it
     */
    boolean confirm() throws IOException {
        finishConfirmation();
        if (!isOnTrial() || !claim(TRIAL, KEPT)) {
            return false;
        }
        finishConfirmation();
        return true;
    }

    /** A process may have ended in the middle. */
    private void finishConfirmation() throws IOException {
        String kept = ofThisStart(KEPT);
        if (kept != null) {
            keep(kept);
            claim(TRIAL_CHOICES, CHOICES);
        }
        Files.deleteIfExists(directory.resolve(KEPT));
    }

    private void keep(String undoing) throws IOException {
        String before = ofThisStart(UNDO);
        write(UNDO, head() + undoing + (before == null ? "" : before));
    }

    /** Is done again at the machine's next start. */
    void choose(SetupChoices choices) throws IOException {
        write(CHOICES, text(choices));
    }

    private static String text(SetupChoices choices) {
        return String.join("\n", choices.arguments()) + "\n";
    }

    /** Without a trial: at the start of the machine, when nobody is there to confirm. */
    void keep(SetupPlan plan) throws IOException {
        keep(plan.undoing());
    }

    /**
     * All that was confirmed. It is not done at the machine's next start either.
     *
     * @return as {@link #undoTrial}
     */
    String undo() throws IOException {
        finishConfirmation();
        boolean wasChosen = Files.deleteIfExists(directory.resolve(CHOICES));
        String said = undo(UNDO);
        return said == null && wasChosen ? "" : said;
    }

    /**
     * What waits for confirmation.
     *
     * @return what could not be undone, as the programs said; empty: nothing; null: there was
     *     nothing to undo
     */
    String undoTrial() throws IOException {
        String said = undo(TRIAL);
        if (said != null) {
            Files.deleteIfExists(directory.resolve(TRIAL_CHOICES));
        }
        return said;
    }

    private String undo(String name) throws IOException {
        if (ofThisStart(name) == null || !claim(name, UNDOING)) {
            return null;
        }
        String script = directory.resolve(UNDOING).toString();
        String said = Programs.ask("", "sh", "-c", "sh \"$0\"; true", script);
        claim(UNDOING, UNDONE);
        return said;
    }

    /** Options of the command, one each; empty: nothing was confirmed. */
    List<String> choices() throws IOException {
        Path file = directory.resolve(CHOICES);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Commands without the first line; null: there are none since the machine started. */
    private String ofThisStart(String name) throws IOException {
        byte[] bytes = file(name).read();
        if (bytes == null) {
            return null;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        String head = head();
        return text.startsWith(head) ? text.substring(head.length()) : null;
    }

    private void write(String name, String text) throws IOException {
        file(name).write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String head() throws IOException {
        return HEAD + Files.readString(BOOT_ID).strip() + "\n";
    }

    private StateFile file(String name) throws IOException {
        return StateFile.in(directory, name);
    }

    private boolean claim(String name, String as) throws IOException {
        try {
            Files.move(
                    directory.resolve(name), directory.resolve(as), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
