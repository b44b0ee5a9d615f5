package io.spillway.node.lab;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The stories {@code spillway lab --scenario} can tell, each in a lab of its own. */
enum Scenario {
    RESTART_IN_RECOVERY(
            "restart-in-recovery",
            "An appliance is killed while every PoP is dead, and starts again from what it saved.",
            (stage, result) -> new RestartStory(stage, 1).tell(result)),
    POWER_CUT(
            "power-cut",
            "Every appliance is killed while every PoP is dead, and all start again.",
            (stage, result) -> new RestartStory(stage, stage.sites().size()).tell(result)),
    MASQUERADE(
            "masquerade",
            "Every site behind a NAT that keeps ports and lets in only answers.",
            LabShape.behind(NatKind.MASQUERADE, NatKind.MASQUERADE, NatKind.MASQUERADE),
            (stage, result) -> new NatStory(stage).tell(result)),
    RANDOM(
            "random",
            "A NAT that maps each destination to another port, and peers that can be called.",
            LabShape.behind(NatKind.RANDOM, NatKind.ENDPOINT_INDEPENDENT, NatKind.STATIC_FORWARD),
            (stage, result) -> new NatStory(stage).tell(result)),
    FULLY_RANDOM(
            "fully-random",
            "The same with the kernel's other way to choose ports, and a peer without NAT.",
            LabShape.behind(NatKind.FULLY_RANDOM, NatKind.STATIC_FORWARD, NatKind.NONE),
            (stage, result) -> new NatStory(stage).tell(result)),
    STATIC_FORWARD(
            "static-forward",
            "Sites with a static public port, one of them with a peer whose ports change.",
            LabShape.behind(NatKind.STATIC_FORWARD, NatKind.RANDOM, NatKind.STATIC_FORWARD),
            (stage, result) -> new NatStory(stage).tell(result)),
    RELAY(
            "relay",
            "Two sites whose NAT leaves no direct way, and a third that relays for them.",
            LabShape.behind(NatKind.RANDOM, NatKind.FULLY_RANDOM, NatKind.STATIC_FORWARD),
            (stage, result) -> new NatStory(stage).tell(result)),
    DOUBLE_NAT(
            "double-nat",
            "Every site behind its own NAT and its provider's.",
            LabShape.behind(NatKind.DOUBLE, NatKind.DOUBLE, NatKind.DOUBLE),
            (stage, result) -> new NatStory(stage).tell(result)),
    SAME_NAT(
            "same-nat",
            "Two sites behind one router, a third elsewhere.",
            LabShape.sharing(NatKind.MASQUERADE),
            (stage, result) -> new NatStory(stage).tell(result));

    /** What happens, and what is measured of it. */
    interface Story {
        /**
         * @throws LabException when it did not come to its end
         */
        void tell(Stage stage, ScenarioResult.Builder result)
                throws IOException, InterruptedException, LabException;
    }

    private final String key;
    private final String description;
    private final LabShape shape;
    private final Story story;

    Scenario(String key, String description, Story story) {
        this(key, description, LabShape.PLAIN, story);
    }

    Scenario(String key, String description, LabShape shape, Story story) {
        this.key = key;
        this.description = description;
        this.shape = shape;
        this.story = story;
    }

    String key() {
        return key;
    }

    String description() {
        return description;
    }

    LabShape shape() {
        return shape;
    }

    Story story() {
        return story;
    }

    /**
     * {@code all}, or some names with commas between them.
     *
     * @throws IllegalArgumentException naming the one that is none
     */
    static List<Scenario> named(String names) {
        return names.equals("all")
                ? List.of(values())
                : Arrays.stream(names.split(",", -1)).map(Scenario::one).toList();
    }

    private static Scenario one(String name) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.key.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(expected(name)));
    }

    private static String expected(String name) {
        String known = Arrays.stream(values()).map(Scenario::key).collect(Collectors.joining(", "));
        return "'" + name + "' is none; there are " + known + ", all and list";
    }
}
