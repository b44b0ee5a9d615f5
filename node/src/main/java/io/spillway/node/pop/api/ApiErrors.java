package io.spillway.node.pop.api;

import graphql.ErrorClassification;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong in the words of GraphQL. Of faults of ours the caller learns only that. */
final class ApiErrors implements DataFetcherExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);
    private static final ErrorClassification BAD_REQUEST =
            ErrorClassification.errorClassification("BadRequest");
    private static final ErrorClassification INTERNAL =
            ErrorClassification.errorClassification("InternalError");

    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
            DataFetcherExceptionHandlerParameters parameters) {
        Throwable thrown = parameters.getException();
        GraphQLError error =
                thrown instanceof ApiException
                        ? error(parameters, thrown.getMessage(), BAD_REQUEST)
                        : internal(parameters, thrown);
        return CompletableFuture.completedFuture(
                DataFetcherExceptionHandlerResult.newResult(error).build());
    }

    private static GraphQLError internal(
            DataFetcherExceptionHandlerParameters parameters, Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (cause instanceof TimeoutException) {
            LOG.warn("API: the control thread did not answer {}", parameters.getPath());
            return error(parameters, "the PoP is too busy to answer", INTERNAL);
        }
        LOG.error("API: {}", parameters.getPath(), thrown);
        return error(parameters, "an error of the PoP's own; its log has more", INTERNAL);
    }

    private static GraphQLError error(
            DataFetcherExceptionHandlerParameters parameters,
            String message,
            ErrorClassification kind) {
        return GraphqlErrorBuilder.newError()
                .message("%s", message)
                .path(parameters.getPath())
                .location(parameters.getSourceLocation())
                .errorType(kind)
                .build();
    }
}
