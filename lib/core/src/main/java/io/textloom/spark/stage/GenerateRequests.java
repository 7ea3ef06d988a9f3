package io.textloom.spark.stage;

import io.textloom.generate.GenerateRequest;
import io.textloom.generate.Prompt;
import io.textloom.generate.SamplingOptions;
import io.textloom.prompt.PromptResult;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Documents as requests, numbered in their order; those of which no prompt can be made are refused. */
final class GenerateRequests implements Iterator<GenerateRequest> {
    private final Iterator<Document> documents;
    /** Null where the text is the prompt. */
    private final PromptRows.@Nullable Task prompts;

    private final SamplingOptions sampling;
    /** Null where all rows have the same longest completion. */
    private final @Nullable RowLimits limits;

    private final Map<Long, Document> waiting = new HashMap<>();
    private long tag;

    GenerateRequests(
            Iterator<Document> documents,
            SamplingOptions sampling,
            @Nullable RowLimits limits,
            PromptRows.@Nullable Task prompts) {
        this.documents = documents;
        this.sampling = sampling;
        this.limits = limits;
        this.prompts = prompts;
    }

    @Override
    public boolean hasNext() {
        return documents.hasNext();
    }

    @Override
    public GenerateRequest next() {
        Document document = documents.next();
        waiting.put(tag, document);
        return request(document, tag++);
    }

    private GenerateRequest request(Document document, long number) {
        long newTokens = limits == null ? sampling.maxNewTokens() : limits.of(document, sampling);
        if (limits != null && (newTokens < 1 || newTokens > Integer.MAX_VALUE)) {
            return GenerateRequest.refused(number, document.id(), limits.rejection(newTokens));
        }
        Prompt prompt;
        if (prompts == null) {
            prompt = Prompt.of(document.text());
        } else {
            PromptResult result = prompts.build(document, (int) newTokens);
            if (result instanceof PromptResult.Refused no) {
                return GenerateRequest.refused(number, document.id(), no.rejection());
            }
            prompt = PromptRows.Task.prompt((PromptResult.Built) result);
        }
        Optional<SamplingOptions> own = newTokens == sampling.maxNewTokens()
                ? Optional.empty()
                : Optional.of(sampling.withLimits((int) newTokens, sampling.seed()));
        return new GenerateRequest(number, document.id(), prompt, own);
    }

    Document get(long asked) {
        Document document = waiting.get(asked);
        if (document == null) {
            throw new IllegalStateException("The generator answered a request that was not made: " + asked);
        }
        return document;
    }

    Document take(long asked) {
        Document document = get(asked);
        waiting.remove(asked);
        return document;
    }
}
