package io.spillway.node.pop.api;

import graphql.GraphQL;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The schema of the resources, joined to who answers. A field that nobody has is null. */
final class ApiSchema {
    private static final String RESOURCE = "account.graphqls";

    private ApiSchema() {}

    static GraphQL join(
            AccountQueries accounts,
            EntityQueries entities,
            EventQueries events,
            RateLimits limits) {
        RuntimeWiring wiring =
                RuntimeWiring.newRuntimeWiring()
                        .scalar(ApiScalars.DATE_TIME)
                        .scalar(ApiScalars.MAP)
                        .type(
                                "Query",
                                query ->
                                        query.dataFetcher("accountSnapshot", accounts::snapshot)
                                                .dataFetcher("entityLookup", entities::lookup)
                                                .dataFetcher("eventsFeed", events::feed))
                        .type(
                                "AccountSnapshot",
                                type -> type.dataFetcher("sites", AccountQueries::sites))
                        .type(
                                "EventsFeedAccountRecords",
                                type -> type.dataFetcher("records", EventQueries::records))
                        .type("DegradedStatusArgs", type -> type.typeResolver(_ -> null))
                        .build();
        GraphQLSchema schema =
                new SchemaGenerator()
                        .makeExecutableSchema(new SchemaParser().parse(text()), wiring);
        return GraphQL.newGraphQL(schema)
                .defaultDataFetcherExceptionHandler(new ApiErrors())
                .preparsedDocumentProvider(new QueryCount(limits))
                .build();
    }

    static String text() {
        try (InputStream in = ApiSchema.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
