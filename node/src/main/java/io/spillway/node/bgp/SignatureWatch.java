package io.spillway.node.bgp;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Says when segments begin to be dropped for their TCP MD5 signature: a neighbour that calls with
 * another password is not heard of otherwise. Owned by the I/O thread.
 */
final class SignatureWatch implements Runnable {
    private final Supplier<SignatureFaults> counters;
    private final Consumer<String> log;
    private SignatureFaults before;
    private boolean isGrowing;

    SignatureWatch(Supplier<SignatureFaults> counters, Consumer<String> log) {
        this.counters = counters;
        this.log = log;
        before = counters.get();
    }

    /** Every now and then; told once, until for one time none were dropped. */
    @Override
    public void run() {
        SignatureFaults now = counters.get();
        boolean hasGrown = now.count() > before.count();
        if (hasGrown && !isGrowing) {
            String kind = now.kindSince(before);
            log.accept("segments come whose TCP MD5 signature is " + kind + ": passwords differ");
        }
        isGrowing = hasGrown;
        before = now;
    }
}
