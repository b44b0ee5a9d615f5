package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.NodeCommand;

/** The record ciphers our own tunnel is measured with. */
public enum SpillwayCipher {
    /** Copies only; see {@link NullCipherNode}. */
    NULL("null", "auto", NullCipherNode.CIPHER),
    IPSECMB("ipsecmb", "ipsec-mb", "ipsec-mb"),
    OPENSSL("openssl", "openssl", "openssl"),
    JCE("jce", "jce", "jce");

    // Set by the launcher: the product's classes, without ours, and their cache.
    private static final String PRODUCT_CLASS_PATH = "spillway.product.classPath";
    private static final String PRODUCT_CACHE = "spillway.product.cache";

    private final String row;
    private final String configured;
    private final String label;

    SpillwayCipher(String row, String configured, String label) {
        this.row = row;
        this.configured = configured;
        this.label = label;
    }

    /** As the comparison calls it. */
    String row() {
        return row;
    }

    /** In the configuration file. */
    String configured() {
        return configured;
    }

    /** As a node's status calls it. */
    String label() {
        return label;
    }

    /** What starts a node with it: the product as it is, but for the null cipher. */
    NodeCommand command() {
        NodeCommand product = NodeCommand.product();
        if (this == NULL) {
            String main = NullCipherNode.class.getName();
            return new NodeCommand(product.options(), product.classPath(), main);
        }
        String classPath = System.getProperty(PRODUCT_CLASS_PATH);
        return classPath == null
                ? product
                : product.from(classPath, System.getProperty(PRODUCT_CACHE));
    }
}
