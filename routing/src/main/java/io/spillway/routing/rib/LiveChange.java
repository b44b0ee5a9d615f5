package io.spillway.routing.rib;

/**
 * What a site itself told of its routes while they were frozen; immutable.
 *
 * @param generation of the site's own word; grows. 0: it told nothing
 * @param withdrawn no prefix of {@code announced}
 */
public record LiveChange(long generation, PrefixSet withdrawn, PrefixSet announced) {
    static final LiveChange NONE = new LiveChange(0, PrefixSet.EMPTY, PrefixSet.EMPTY);

    /** What of it makes those routes others. */
    LiveChange against(PrefixSet pinned) {
        PrefixSet unknown = withdrawn.without(pinned);
        return new LiveChange(generation, withdrawn.without(unknown), announced.without(pinned));
    }
}
