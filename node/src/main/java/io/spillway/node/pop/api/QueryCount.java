package io.spillway.node.pop.api;

import graphql.ErrorClassification;
import graphql.ExecutionInput;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.execution.preparsed.PreparsedDocumentProvider;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import java.util.EnumMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Counts what a request asks for against its key's {@link RateLimits}, once it is parsed and before
 * it is answered. The same field twice, under two names, counts twice; what cannot be parsed counts
 * as well.
 */
final class QueryCount implements PreparsedDocumentProvider {
    private static final ErrorClassification REFUSED =
            ErrorClassification.errorClassification("RateLimited");

    private final RateLimits limits;

    QueryCount(RateLimits limits) {
        this.limits = limits;
    }

    /** For how long to wait, of a request that was refused; left in its context. */
    record Refusal(long waitNs) {}

    @Override
    public CompletableFuture<PreparsedDocumentEntry> getDocumentAsync(
            ExecutionInput input, Function<ExecutionInput, PreparsedDocumentEntry> parse) {
        PreparsedDocumentEntry parsed = parse.apply(input);
        ApiKey key = input.getGraphQLContext().get(ApiKey.class);
        long waitNs = limits.take(key.name(), counts(parsed, input.getOperationName()));
        if (waitNs == 0) {
            return CompletableFuture.completedFuture(parsed);
        }
        input.getGraphQLContext().put(Refusal.class, new Refusal(waitNs));
        return CompletableFuture.completedFuture(new PreparsedDocumentEntry(refusal()));
    }

    private static GraphQLError refusal() {
        return GraphqlErrorBuilder.newError()
                .message("too many queries; ask again after Retry-After seconds")
                .errorType(REFUSED)
                .build();
    }

    private static EnumMap<RateLimits.Kind, Integer> counts(
            PreparsedDocumentEntry parsed, String operationName) {
        EnumMap<RateLimits.Kind, Integer> counts = new EnumMap<>(RateLimits.Kind.class);
        if (!parsed.hasErrors()) {
            Document document = parsed.getDocument();
            document.getDefinitionsOfType(OperationDefinition.class).stream()
                    .filter(it -> operationName == null || operationName.equals(it.getName()))
                    .findFirst()
                    .ifPresent(it -> count(it.getSelectionSet(), document, counts));
        }
        if (counts.isEmpty()) {
            counts.put(RateLimits.Kind.GENERAL, 1);
        }
        return counts;
    }

    /** Validated before: no fragment is in itself. */
    private static void count(
            SelectionSet set, Document document, EnumMap<RateLimits.Kind, Integer> counts) {
        for (Selection<?> selection : set.getSelections()) {
            switch (selection) {
                case Field field -> counts.merge(kind(field), 1, Integer::sum);
                case InlineFragment inline -> count(inline.getSelectionSet(), document, counts);
                case FragmentSpread spread ->
                        count(fragment(document, spread).getSelectionSet(), document, counts);
                default -> throw new IllegalStateException("unknown selection " + selection);
            }
        }
    }

    private static FragmentDefinition fragment(Document document, FragmentSpread spread) {
        return document.getDefinitionsOfType(FragmentDefinition.class).stream()
                .filter(fragment -> fragment.getName().equals(spread.getName()))
                .findFirst()
                .orElseThrow();
    }

    private static RateLimits.Kind kind(Field field) {
        return switch (field.getName()) {
            case "accountSnapshot" -> RateLimits.Kind.ACCOUNT_SNAPSHOT;
            case "eventsFeed" -> RateLimits.Kind.EVENTS_FEED;
            default -> RateLimits.Kind.GENERAL;
        };
    }
}
