package io.spillway.bench.tunnel.contender;

import io.spillway.crypto.record.RecordCiphers;
import io.spillway.node.ConfigException;
import io.spillway.node.SiteConfig;
import io.spillway.node.pop.PopNode;
import io.spillway.node.site.Appliance;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A site or a PoP as the product starts it, but with {@link NullCipher}. The product cannot: no
 * configuration names that cipher, and this class is not on its class path.
 */
final class NullCipherNode {
    static final String CIPHER = "null";

    private NullCipherNode() {}

    /** Arguments: {@code site} or {@code pop}, {@code --config}, the file. */
    public static void main(String[] args)
            throws ConfigException, IOException, InterruptedException {
        RecordCiphers ciphers = RecordCiphers.unproven(CIPHER, (suite, key) -> new NullCipher());
        Path config = Path.of(args[2]);
        int status =
                args[0].equals("site")
                        ? Appliance.run(SiteConfig.read(config), ciphers)
                        : PopNode.run(config, ciphers);
        System.exit(status);
    }
}
