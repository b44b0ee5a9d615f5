package io.spillway.node.site;

import java.util.function.Consumer;

/** How what is for the Internet leaves our own kernel. Called by the control thread. */
public interface InternetWay {
    /** Where none does. */
    InternetWay NONE = (link, isLed) -> {};

    /**
     * It leaves by that WAN link from now on, or as before where that fails. Returns at once.
     *
     * @param isLed told on the control thread what came of it
     */
    void lead(int link, Consumer<Boolean> isLed);
}
