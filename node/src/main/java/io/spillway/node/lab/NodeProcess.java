package io.spillway.node.lab;

import io.spillway.node.CommandClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway site} or {@code spillway pop} as a process inside its namespace. */
public final class NodeProcess extends NamespaceProcess {
    private final Path socket;
    private final CommandClient client;

    /**
     * @param program see {@link NodeCommand}
     * @param socket its command socket, as its configuration says
     */
    public NodeProcess(String name, String namespace, List<String> program, Path socket, Path log) {
        super(name, namespace, program, log);
        this.socket = socket;
        this.client = new CommandClient(socket);
    }

    /** Where it takes commands. */
    Path socket() {
        return socket;
    }

    /** One question to its command socket. */
    public JsonNode ask(String question) throws IOException {
        return client.ask(question);
    }

    /** The same of one with more to say than its name. */
    JsonNode ask(ObjectNode question) throws IOException {
        return client.ask(question);
    }
}
