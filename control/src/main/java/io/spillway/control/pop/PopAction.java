package io.spillway.control.pop;

/** What {@link PopChoice} wants done, in order. A PoP node is named by its place in the list. */
public sealed interface PopAction {
    /** Tunnels to it, if there are none yet. */
    record Open(int node) implements PopAction {}

    record Close(int node) implements PopAction {}

    /** From now on packets leave by its tunnels. */
    record Use(int node) implements PopAction {}

    /** The channel goes there; the one there is ends once the new one stands. */
    record Channel(int node) implements PopAction {}

    /** The site is attached elsewhere now. */
    record Changed(int from, int to, Why why) implements PopAction {}

    /** One line for the log. */
    record Log(String line) implements PopAction {}

    /** What a change of the PoP comes from. */
    enum Why {
        LOST("it was lost"),
        PREFERRED("it is preferred"),
        DRAINED("it asked to leave");

        private final String text;

        Why(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }
}
