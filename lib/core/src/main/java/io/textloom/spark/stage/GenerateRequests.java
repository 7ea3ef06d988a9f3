package io.textloom.spark.stage;

import io.textloom.generate.GenerateRequest;
import io.textloom.generate.Prompt;
import io.textloom.prompt.PromptResult;
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

    private final Map<Long, Document> waiting = new HashMap<>();
    private final TreeMap<Long, Outcome> refused = new TreeMap<>();
    private @Nullable GenerateRequest next;
    private long tag;

    GenerateRequests(Iterator<Document> documents, PromptRows.@Nullable Task prompts) {
        this.documents = documents;
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
        Prompt prompt;
        if (prompts == null) {
            prompt = Prompt.of(document.text());
        } else {
            PromptResult result = prompts.build(document);
            if (result instanceof PromptResult.Refused no) {
                refused.put(tag++, new Outcome.Rejected(document, no.rejection()));
                return;
            }
            prompt = PromptRows.Task.prompt((PromptResult.Built) result);
        }
        waiting.put(tag, document);
        next = new GenerateRequest(tag++, document.id(), prompt, Optional.empty());
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
