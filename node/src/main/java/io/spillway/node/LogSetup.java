package io.spillway.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;

/**
 * Log lines go to stderr, one an event; the journal keeps them from there. The launcher sets {@code
 * spillway.log.pattern} without a time when the journal is listening. Stack traces of our own
 * faults follow their line. Level: {@code -Dspillway.log.level=debug}.
 *
 * <p>In code, since to read the same from a file takes an eighth of a daemon's start.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String LINE =
            "%date{HH:mm:ss.SSS} %-5level %logger{0}: %replace(%msg){'[\\r\\n]+',' '}%n";

    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        logs.getStatusManager().add(new NopStatusListener());
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logs);
        encoder.setPattern(System.getProperty("spillway.log.pattern", LINE));
        encoder.start();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(logs);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder);
        stderr.start();
        Logger root = logs.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty("spillway.log.level"), Level.INFO));
        root.addAppender(stderr);
        logs.getLogger("io.netty").setLevel(Level.WARN);
        logs.getLogger("com.networknt").setLevel(Level.WARN);
        logs.getLogger("io.javalin").setLevel(Level.WARN);
        logs.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
