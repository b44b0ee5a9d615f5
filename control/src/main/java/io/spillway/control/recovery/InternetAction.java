package io.spillway.control.recovery;

/** What the Internet machine wants done, in order. */
public sealed interface InternetAction {
    /**
     * Have the kernel send what is given to it by that link, whether or not anything is yet; answer
     * {@link InternetEvent.Led}.
     */
    record Lead(int link) implements InternetAction {}

    /** Packets take the way of this state from the next publication on. */
    record Move(InternetState to) implements InternetAction {}

    /** One line for the log. */
    record Log(String line) implements InternetAction {}
}
