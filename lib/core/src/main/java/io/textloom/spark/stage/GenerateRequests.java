package io.textloom.spark.stage;

import io.textloom.generate.GenerateRequest;
import io.textloom.generate.Prompt;
import io.textloom.generate.SamplingOptions;
import io.textloom.prompt.PromptResult;
import io.textloom.text.Rejection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Documents as requests, numbered in their order; those of which no prompt can be made are kept apart. */
final class GenerateRequests implements Iterator<GenerateRequest> {
    private final Iterator<Document> documents;
    /** Null where the text is the prompt. */
    private final PromptRows.@Nullable Task prompts;

    private final SamplingOptions sampling;
    /** Null where all rows have the same longest completion. */
    private final @Nullable RowLimits limits;

    private final Map<Long, Document> waiting = new HashMap<>();
    private final TreeMap<Long, Outcome> refused = new TreeMap<>();
    private @Nullable GenerateRequest next;
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
        while (next == null && documents.hasNext()) {
            take(documents.next());
        }
        return next != null;
    }

    private void take(Document document) {
        long newTokens = limits == null ? sampling.maxNewTokens() : limits.of(document, sampling);
        if (limits != null && (newTokens < 1 || newTokens > Integer.MAX_VALUE)) {
            refuse(document, limits.rejection(newTokens));
            return;
        }
        Prompt prompt;
        if (prompts == null) {
            prompt = Prompt.of(document.text());
        } else {
            PromptResult result = prompts.build(document, (int) newTokens);
            if (result instanceof PromptResult.Refused no) {
                refuse(document, no.rejection());
                return;
            }
            prompt = PromptRows.Task.prompt((PromptResult.Built) result);
        }
        waiting.put(tag, document);
        Optional<SamplingOptions> own = newTokens == sampling.maxNewTokens()
                ? Optional.empty()
                : Optional.of(sampling.withLimits((int) newTokens, sampling.seed()));
        next = new GenerateRequest(tag++, document.id(), prompt, own);
    }

    private void refuse(Document document, Rejection rejection) {
        refused.put(tag++, new Outcome.Rejected(document, rejection));
    }

    @Override
    public GenerateRequest next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        GenerateRequest request = next;
        next = null;
        return request;
    }

    boolean hasRefused() {
        return !refused.isEmpty();
    }

    /** The first refused document, if it stands before the one with this tag. */
    Optional<Outcome> refusedBefore(long other) {
        return refused.isEmpty() || refused.firstKey() > other
                ? Optional.empty()
                : Optional.of(refused.pollFirstEntry().getValue());
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
