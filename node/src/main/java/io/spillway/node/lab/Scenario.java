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
            Setting.ORDINARY,
            (stage, result) -> new RestartStory(stage, 1).tell(result)),
    POWER_CUT(
            "power-cut",
            "Every appliance is killed while every PoP is dead, and all start again.",
            Setting.ORDINARY,
            (stage, result) -> new RestartStory(stage, stage.sites().size()).tell(result)),
    ONE_SIDED_LOSS(
            "one-sided-loss",
            "One site's way to the PoP is lost, the others keep theirs.",
            Setting.ORDINARY,
            (stage, result) -> PathLossStory.ofOne(stage, PopTraffic.ALL).tell(result)),
    DATA_ONLY_LOSS(
            "data-only-loss",
            "No UDP passes to the PoP or from it: the tunnels die, the channels live.",
            Setting.ORDINARY,
            (stage, result) -> PathLossStory.ofAll(stage, PopTraffic.DATA).tell(result)),
    CONTROL_ONLY_LOSS(
            "control-only-loss",
            "No TCP passes to the PoP or from it: the channels die, the tunnels live.",
            Setting.ORDINARY,
            (stage, result) -> new ChannelLossStory(stage).tell(result)),
    DISABLED_SITE(
            "disabled-site",
            "Recovery is off at one site: the others go on without it when the PoP dies.",
            Setting.WITH_DISABLED_SITE,
            (stage, result) -> new DisabledSiteStory(stage).tell(result)),
    SITE_ADDED(
            "site-added",
            "A site comes to others that run with traffic, and recovers with them.",
            Setting.WITH_LATE_SITE,
            (stage, result) -> new AddedSiteStory(stage).tell(result)),
    FLAPPING_POP(
            "flapping-pop",
            "The PoP goes and comes again and again: each return waits longer.",
            Setting.FLAPPING,
            (stage, result) -> new FlappingPopStory(stage).tell(result));

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
    private final Setting setting;
    private final Story story;

    Scenario(String key, String description, Setting setting, Story story) {
        this.key = key;
        this.description = description;
        this.setting = setting;
        this.story = story;
    }

    String key() {
        return key;
    }

    String description() {
        return description;
    }

    Setting setting() {
        return setting;
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
