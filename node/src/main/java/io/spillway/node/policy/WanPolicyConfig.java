package io.spillway.node.policy;

import io.spillway.node.policy.PolicyConfig.Action;
import io.spillway.node.policy.PolicyConfig.Direction;
import io.spillway.node.policy.PolicyConfig.Named;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A checked {@code wan-policy.yaml}, with parties and services still as words. Immutable. What a
 * file may leave out and what it then means is in {@code wan-policy.schema.json}.
 */
public record WanPolicyConfig(Policy policy) {
    /**
     * @param rules the first that matches counts; below them all is blocked
     */
    public record Policy(List<Named> objects, List<Named> services, List<Rule> rules) {}

    /**
     * @param during null: always
     */
    public record Rule(
            String name,
            boolean enabled,
            List<String> from,
            List<String> to,
            Direction direction,
            List<String> services,
            During during,
            Action action) {}

    /** When a rule is in force. */
    public record During(List<Days> days, LocalTime from, LocalTime to, ZoneId zone) {
        Hours hours() {
            Set<DayOfWeek> all = EnumSet.noneOf(DayOfWeek.class);
            days.forEach(some -> all.addAll(some.days()));
            return new Hours(all, from, to, zone);
        }
    }
}
