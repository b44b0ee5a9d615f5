package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever bytes a file holds: a configuration or a refusal in words, nothing else. */
class ConfigFuzzTest {

    private static final int ROUNDS = Boolean.getBoolean("spillway.long") ? 200_000 : 4_000;
    private static final String YAML_SPECIALS = ":-{}[]&*!|>'\"%@`#?,~ \n\t\r\0\u0085\u2028<=";
    private static final byte[] GOOD =
            """
            site: {id: 1001, name: berlin, account: acme}
            pops: [{name: frankfurt, address: 203.0.113.10}]
            links: [{name: wan1, device: wan0, port: 20060, mtu: 1500}]
            lan:
              - port: spw-lan
                networks:
                  - {name: office, vlan: 7, gateways: [10.1.0.1/24, "fd00::1/64"]}
                routes: [{prefix: 10.1.9.0/24, via: 10.1.0.254}]
            probe: {interval: 100ms}
            """
                    .getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldNeverFailOtherwiseThanByRefusal() {
        long seed = Long.getLong("spillway.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = round % 4 == 0 ? noise(random) : mutation(random);
            try {
                ConfigFile.SITE.parse("f", ConfigText.decode("f", bytes));
            } catch (ConfigException e) {
                assertFalse(e.getMessage().isBlank(), () -> "seed " + seed);
            } catch (RuntimeException | StackOverflowError e) {
                fail("seed " + seed + ", round " + round + ": " + Arrays.toString(bytes), e);
            }
        }
    }

    private static byte[] noise(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(64);
        for (int i = 0; i < length; i++) {
            text.append(
                    random.nextBoolean()
                            ? YAML_SPECIALS.charAt(random.nextInt(YAML_SPECIALS.length()))
                            : (char) random.nextInt(0x250));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] mutation(SplittableRandom random) {
        byte[] bytes = GOOD.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] =
                    random.nextBoolean()
                            ? (byte) YAML_SPECIALS.charAt(random.nextInt(YAML_SPECIALS.length()))
                            : (byte) random.nextInt();
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
