package io.spillway.node.pop.api;

import graphql.schema.DataFetchingEnvironment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Answers {@code accountSnapshot}. Of sites outside the key's scope it says nothing, also not that
 * they exist. Called by several threads at once.
 */
final class AccountQueries {
    private final String account;
    private final Supplier<AccountSnapshot> source;

    /**
     * @param source of the PoP's present state; may wait
     */
    AccountQueries(String account, Supplier<AccountSnapshot> source) {
        this.account = account;
        this.source = source;
    }

    AccountSnapshot snapshot(DataFetchingEnvironment query) {
        requireOwn(account, query.getArgument("accountID"));
        return inScope(query);
    }

    /** All that the key's holder may know of. */
    AccountSnapshot inScope(DataFetchingEnvironment query) {
        ApiKey key = query.getGraphQlContext().get(ApiKey.class);
        AccountSnapshot all = source.get();
        List<SiteSnapshot> sites =
                all.sites().stream().filter(site -> key.scope().includes(site.siteId())).toList();
        return new AccountSnapshot(all.id(), all.timestamp(), sites);
    }

    /** {@code siteIDs}: those, and all without. */
    static List<SiteSnapshot> sites(DataFetchingEnvironment query) {
        AccountSnapshot snapshot = query.getSource();
        List<String> wanted = query.getArgument("siteIDs");
        if (wanted == null) {
            return snapshot.sites();
        }
        Set<String> ids = new HashSet<>(wanted);
        return snapshot.sites().stream().filter(site -> ids.contains(site.id())).toList();
    }

    /**
     * @param wanted null: the own one
     */
    static void requireOwn(String account, String wanted) {
        if (wanted != null && !wanted.equals(account)) {
            throw new ApiException(otherAccount(account, wanted));
        }
    }

    static String otherAccount(String account, String wanted) {
        return "account " + wanted + ": this PoP and this key are of account " + account;
    }
}
