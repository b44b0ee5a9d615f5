package io.spillway.control.recovery;

/**
 * What the PoP was asked to tell over the channel, and whether it has. Owned by the {@link
 * RecoveryMachine}.
 */
final class ToldState {
    private boolean isChannelOpen;
    private boolean isStale;
    private long request;
    private long completedRequest;
    private long directoryRequest;
    private long generation;

    boolean isChannelOpen() {
        return isChannelOpen;
    }

    /** Whether that is news. */
    boolean open() {
        boolean wasOpen = isChannelOpen;
        isChannelOpen = true;
        return !wasOpen;
    }

    /** Whether what was told is stale from now on, and was not before. */
    boolean close() {
        boolean isNews = isChannelOpen && !isStale;
        isStale |= isChannelOpen;
        isChannelOpen = false;
        return isNews;
    }

    /** The number of the next request. */
    long ask() {
        return ++request;
    }

    /** Of the last request; 0: there was none. */
    long request() {
        return request;
    }

    /** Whether what was told for that request is what was asked for last. */
    boolean isOfLast(long toldRequest) {
        return request != 0 && toldRequest == request;
    }

    void onDirectory() {
        directoryRequest = request;
    }

    boolean isDirectoryTold() {
        return directoryRequest == request;
    }

    /** Whether what was told was stale until now. */
    boolean complete(long completeGeneration) {
        completedRequest = request;
        generation = completeGeneration;
        boolean wasStale = isStale;
        isStale = false;
        return wasStale;
    }

    boolean isComplete() {
        return isChannelOpen && isOfLast(completedRequest);
    }

    /** Of the last complete state; 0 = none. */
    long generation() {
        return generation;
    }
}
