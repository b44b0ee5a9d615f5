package io.spillway.node;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.dataplane.agent.DataPlaneThreads;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.tap.LinuxException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of a daemon: data plane, control, and one for files. */
public final class NodeThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);

    private static final long FILES_STOP_S = 3;

    private final ExecutorService files =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("files").factory());
    private final long spinNs;
    private DataPlaneThreads dataPlaneThreads;
    private ControlAgent controlAgent;
    private AgentRunner controlRunner;

    public NodeThreads(DataPlaneConfig config) {
        spinNs = config.spinNs();
    }

    /** One thread that may block on disk. */
    public ExecutorService files() {
        return files;
    }

    /** Starts the data plane's agents and control. */
    public void start(
            DataPlane dataPlane,
            EventLoopKind loop,
            ControlAgent control,
            NanoClock clock,
            NodeStart life)
            throws LinuxException {
        controlAgent = control;
        dataPlaneThreads =
                new DataPlaneThreads(
                        dataPlane,
                        loop,
                        spinNs,
                        clock,
                        () -> life.fail(dataPlaneThreads.failure()));
        dataPlaneThreads.start();
        controlRunner =
                new AgentRunner(
                        control.idleStrategy(),
                        error -> LOG.error("control", error),
                        null,
                        control);
        AgentRunner.startOnThread(controlRunner);
        DataPlaneCommands commands = dataPlane.commands();
        life.service().watch(control, commands.agentCount(), commands::turn);
    }

    /** Ends control first, so that nobody speaks to a data plane that is gone. */
    @Override
    public void close() {
        if (controlRunner != null && dataPlaneThreads.failure() == null) {
            controlAgent.stop();
        }
        CloseHelper.closeAll(controlRunner, dataPlaneThreads);
        files.shutdown();
        try {
            files.awaitTermination(FILES_STOP_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
