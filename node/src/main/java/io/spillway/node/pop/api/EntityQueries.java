package io.spillway.node.pop.api;

import graphql.schema.DataFetchingEnvironment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers {@code entityLookup}, for sites. What it does not know to look for it refuses by name,
 * since an answer that ignores a filter is wrong. Called by several threads at once.
 */
final class EntityQueries {
    static final int LIMIT_MAX = 1000;

    private static final String ALT_WAN = "ALTERNATIVE";

    /** As {@code entityLookup} answers. */
    public record Result(List<Item> items, int total) {}

    /** One site. It has no description, which is a text, not nothing. */
    public record Item(String description, Entity entity, Map<String, Object> helperFields) {}

    private final String account;
    private final AccountQueries accounts;

    EntityQueries(String account, AccountQueries accounts) {
        this.account = account;
        this.accounts = accounts;
    }

    Result lookup(DataFetchingEnvironment query) {
        AccountQueries.requireOwn(account, query.getArgument("accountID"));
        refuseOthers(query);
        int limit = between("limit", query.getArgument("limit"), 1, LIMIT_MAX);
        int from = between("from", query.getArgument("from"), 0, Integer.MAX_VALUE);
        List<SiteSnapshot> found =
                accounts.inScope(query).sites().stream()
                        .filter(wanted(query))
                        .sorted(order(query.getArgument("sort")))
                        .toList();
        List<String> helpers = query.getArgument("helperFields");
        return new Result(
                found.stream().skip(from).limit(limit).map(site -> item(site, helpers)).toList(),
                found.size());
    }

    private static void refuseOthers(DataFetchingEnvironment query) {
        String type = query.getArgument("type");
        if (!type.equals(Entity.SITE)) {
            throw new ApiException("type " + type + ": only site is served here");
        }
        if (query.getArgument("parent") != null) {
            throw new ApiException("parent: sites have none");
        }
    }

    private static int between(String name, Integer value, int min, int max) {
        if (value == null || value < min || value > max) {
            throw new ApiException(name + " " + value + ": expected " + min + ".." + max);
        }
        return value;
    }

    private static Predicate<SiteSnapshot> wanted(DataFetchingEnvironment query) {
        Predicate<SiteSnapshot> wanted = named(query.getArgument("search"));
        List<String> ids = query.getArgument("entityIDs");
        if (ids != null) {
            Set<String> all = new HashSet<>(ids);
            wanted = wanted.and(site -> all.contains(site.id()));
        }
        List<Map<String, Object>> filters = query.getArgument("filters");
        if (filters != null) {
            for (Map<String, Object> filter : filters) {
                wanted = wanted.and(passing(filter));
            }
        }
        return wanted;
    }

    private static Predicate<SiteSnapshot> named(String search) {
        String part = search == null ? "" : search.toLowerCase(Locale.ROOT);
        return site ->
                site.info().name().toLowerCase(Locale.ROOT).contains(part)
                        || site.id().equals(part);
    }

    private static Predicate<SiteSnapshot> passing(Map<String, Object> filter) {
        String name = String.valueOf(filter.get("filter"));
        String value = String.valueOf(filter.get("value"));
        if (!value.equals("true") && !value.equals("false")) {
            throw new ApiException("filter " + name + ": " + value + ": expected true or false");
        }
        boolean isWanted = value.equals("true");
        return switch (name) {
            case "filterByOffCloudTransportEnabled" -> site -> site.isOffCloudEnabled() == isWanted;
            case "filterByAltWan" -> site -> hasAltWan(site) == isWanted;
            default ->
                    throw new ApiException(
                            "filter "
                                    + name
                                    + ": expected filterByOffCloudTransportEnabled or"
                                    + " filterByAltWan");
        };
    }

    private static boolean hasAltWan(SiteSnapshot site) {
        return site.info().interfaces().stream().anyMatch(it -> ALT_WAN.equals(it.destType()));
    }

    /** By ID as a number, where no other order is asked for. */
    private static Comparator<SiteSnapshot> order(List<Map<String, Object>> sort) {
        Comparator<SiteSnapshot> order = (_, _) -> 0;
        if (sort != null) {
            for (Map<String, Object> each : sort) {
                Comparator<SiteSnapshot> by = by(String.valueOf(each.get("field")));
                order = order.thenComparing("desc".equals(each.get("order")) ? by.reversed() : by);
            }
        }
        return order.thenComparing(by("id"));
    }

    private static Comparator<SiteSnapshot> by(String field) {
        return switch (field) {
            case "id" -> (one, other) -> Long.compareUnsigned(one.siteId(), other.siteId());
            case "name" -> Comparator.comparing(site -> site.info().name());
            default -> throw new ApiException("sort " + field + ": expected id or name");
        };
    }

    private static Item item(SiteSnapshot site, List<String> helpers) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("type", site.info().type());
        fields.put("connectivityStatus", site.connectivityStatus());
        if (helpers != null) {
            fields.keySet().retainAll(helpers);
        }
        return new Item("", site.entity(), fields);
    }
}
