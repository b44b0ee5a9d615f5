package io.spillway.node.setup;

import java.util.ArrayList;
import java.util.List;

/** What is still to be done on a machine, as commands of a shell, each with its opposite. */
final class SetupPlan {

    /**
     * @param does may have several lines
     * @param undoes empty: nothing of its own, or what undoes an earlier step does
     */
    record Step(String does, String undoes) {}

    private final List<Step> steps = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    void step(String does, String undoes) {
        steps.add(new Step(does, undoes));
    }

    /** One line: what is wrong and what was expected. What it concerns is left out. */
    void mistake(String line) {
        mistakes.add(line);
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** In order, each with a line's end. */
    String commands() {
        StringBuilder text = new StringBuilder();
        steps.forEach(step -> text.append(step.does()).append('\n'));
        return text.toString();
    }

    /** The same of what undoes them; a step that was not taken may be undone. */
    String undoing() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps.reversed()) {
            if (!step.undoes().isEmpty()) {
                text.append(step.undoes()).append('\n');
            }
        }
        return text.toString();
    }
}
