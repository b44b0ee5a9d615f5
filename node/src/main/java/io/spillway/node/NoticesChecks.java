package io.spillway.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold between the values of {@code notices} and no schema can say. */
final class NoticesChecks {
    private final NoticesConfig config;
    private final ConfigTree tree;
    private final Map<String, String> names = new HashMap<>();

    private NoticesChecks(NoticesConfig config, ConfigTree tree) {
        this.config = config;
        this.tree = tree;
    }

    static void check(NoticesConfig config, ConfigTree tree) {
        new NoticesChecks(config, tree).all();
    }

    private void all() {
        if (config.webhooks().isEmpty() && config.syslog().isEmpty()) {
            tree.mistake("notices", "expected webhooks or syslog: nobody would be told");
        }
        List<NoticesConfig.Webhook> webhooks = config.webhooks();
        for (int i = 0; i < webhooks.size(); i++) {
            webhook("notices.webhooks[" + i + "]", webhooks.get(i));
        }
        for (int i = 0; i < config.syslog().size(); i++) {
            unique("notices.syslog[" + i + "]", config.syslog().get(i).name());
        }
    }

    private void webhook(String key, NoticesConfig.Webhook webhook) {
        unique(key, webhook.name());
        boolean isSecure = webhook.url().getScheme().equals("https");
        if (!isSecure && webhook.trust() != null) {
            tree.mistake(key + ".trust", webhook.trust() + ": expected none with http");
        }
    }

    private void unique(String key, String name) {
        String first = names.putIfAbsent(name, key + ".name");
        if (first != null) {
            tree.mistake(key + ".name", name + ": expected another value than " + first + " has");
        }
    }
}
