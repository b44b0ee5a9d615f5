package io.spillway.node.site;

import io.spillway.tap.InternetForwarding;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By the kernel's forwarding, which waits for programs and so has another thread. */
final class KernelInternetWay implements InternetWay {
    private static final Logger LOG = LoggerFactory.getLogger(KernelInternetWay.class);

    private final InternetForwarding forwarding;
    private final List<String> devices;
    private final Executor files;
    private final Executor control;
    private String lastFailure = "";

    /**
     * @param devices by link
     * @param files one thread that may wait; {@code forwarding}'s owner from now on
     */
    KernelInternetWay(
            InternetForwarding forwarding, List<String> devices, Executor files, Executor control) {
        this.forwarding = forwarding;
        this.devices = List.copyOf(devices);
        this.files = files;
        this.control = control;
    }

    @Override
    public void lead(int link, Consumer<Boolean> isLed) {
        files.execute(
                () -> {
                    boolean isDone = lead(devices.get(link));
                    control.execute(() -> isLed.accept(isDone));
                });
    }

    /** Tells of a failure once, however often it is tried again. */
    private boolean lead(String device) {
        try {
            forwarding.lead(device);
            lastFailure = "";
            return true;
        } catch (IOException e) {
            if (!lastFailure.equals(e.getMessage())) {
                lastFailure = e.getMessage();
                LOG.warn("Internet Recovery cannot use {}: {}", device, lastFailure);
            }
            return false;
        }
    }
}
