package io.spillway.control.recovery;

/** What the Internet machine is told. Telling it the same twice does no harm. */
public sealed interface InternetEvent {
    /** Time passed. */
    record Tick() implements InternetEvent {}

    /** At least one PoP tunnel, of whatever link, is alive. */
    record CloudAlive() implements InternetEvent {}

    /** None is. */
    record CloudLost() implements InternetEvent {}

    /** The PoP has told its state on this channel, so it has heard of us. */
    record PopTold() implements InternetEvent {}

    record ChannelLost() implements InternetEvent {}

    /** A link is up and has an address and a default route, or not any more. */
    record LinkUsable(int link, boolean isUsable) implements InternetEvent {}

    /** What came of {@link InternetAction.Lead}. */
    record Led(int link, boolean isLed) implements InternetEvent {}

    /** By hand: end the back-off. */
    record ReturnNow() implements InternetEvent {}
}
