package io.textloom.spark.stage;

import io.textloom.generate.GenerateOutcome;
import io.textloom.generate.GenerateRequest;
import io.textloom.generate.Generated;
import io.textloom.generate.Rejected;
import io.textloom.generate.SamplingOptions;
import io.textloom.openai.BatchInput;
import io.textloom.openai.BatchOptions;
import io.textloom.openai.CompletionBody;
import io.textloom.openai.CompletionRequest;
import io.textloom.openai.Endpoint;
import io.textloom.openai.RequestException;
import io.textloom.openai.RequestPrompts;
import io.textloom.table.BatchTable;
import io.textloom.text.Rejection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a batch file as requests to a generator, one for each of a line's prompts, and its answers as one outcome a line. The generator answers in the order of
 * the requests, so the oldest line is the one that is being answered. For one caller at a time.
 */
final class BatchRequests implements Iterator<GenerateRequest> {
    private final Iterator<Document> documents;
    private final SamplingOptions settings;
    private final BatchOptions given;
    private final RequestPrompts prompts;
    private final CompletionBody bodies;
    /** Lines without an outcome, oldest first. */
    private final ArrayDeque<Line> lines = new ArrayDeque<>();

    private final ArrayDeque<GenerateRequest> ready = new ArrayDeque<>();
    private long tag;
    private int dropped;

    BatchRequests(
            Iterator<Document> documents,
            SamplingOptions settings,
            BatchOptions given,
            RequestPrompts prompts,
            CompletionBody bodies) {
        this.documents = documents;
        this.settings = settings;
        this.given = given;
        this.prompts = prompts;
        this.bodies = bodies;
    }

    /** A line and what came of it so far. */
    private static final class Line {
        final Document document;
        final @Nullable CompletionRequest request;
        final List<RequestPrompts.Made> prompts;
        final List<Generated> completions = new ArrayList<>();

        @Nullable
        Rejection rejection;
        /** Requests that were answered or rejected. */
        int ended;

        Line(Document document, @Nullable CompletionRequest request, List<RequestPrompts.Made> prompts) {
            this.document = document;
            this.request = request;
            this.prompts = prompts;
        }

        boolean isComplete() {
            // a line that was refused makes one request, too
            return ended == Math.max(1, prompts.size());
        }
    }

    /** Where a line's endpoint stands among what travels with it. */
    static Endpoint endpoint(Document document, String job) {
        return Endpoint.of(document.keptText(0).orElse(""), document.keptText(1).orElse(""), job);
    }

    /** What travels with a line beside its body. */
    static SideColumns columns() {
        return SideColumns.of(List.of(BatchInput.METHOD, BatchInput.URL), List.of());
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && documents.hasNext()) {
            take(documents.next());
        }
        return !ready.isEmpty();
    }

    private void take(Document document) {
        try {
            CompletionRequest request =
                    CompletionRequest.parse(endpoint(document, "generate"), document.text(), settings, given);
            List<RequestPrompts.Made> made = prompts.of(request);
            lines.add(new Line(document, request, made));
            for (int i = 0; i < made.size(); i++) {
                ready.add(new GenerateRequest(
                        tag++,
                        i == 0 ? document.id() : document.id() + "#" + i,
                        made.get(i).prompt(),
                        Optional.of(made.get(i).sampling())));
            }
        } catch (RequestException e) {
            Line line = new Line(document, null, List.of());
            line.rejection = e.rejection();
            lines.add(line);
            ready.add(GenerateRequest.refused(tag++, document.id(), e.rejection()));
        }
    }

    @Override
    public GenerateRequest next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    /** Whether the oldest line has its outcome. */
    boolean hasOutcome() {
        Line oldest = lines.peek();
        return oldest != null && oldest.isComplete();
    }

    /** That of the oldest line. */
    Outcome outcome() {
        Line line = lines.remove();
        if (line.rejection != null || line.request == null) {
            return new Outcome.Rejected(line.document, Objects.requireNonNull(line.rejection));
        }
        int promptTokens = 0;
        int completionTokens = 0;
        dropped = 0;
        for (Generated g : line.completions) {
            promptTokens += g.sampleIndex() == 0 ? g.promptTokens() : 0;
            dropped += g.sampleIndex() == 0 ? g.nDropped() : 0;
            completionTokens += g.completionTokens();
        }
        String id = line.document.id();
        String body = bodies.render(id, line.request, line.prompts, line.completions);
        return new Outcome.Produced(
                line.document,
                BatchTable.row(id, body, promptTokens, completionTokens, dropped),
                promptTokens + completionTokens,
                true);
    }

    /** Tokens that were cut off the prompts of the last outcome. */
    int dropped() {
        return dropped;
    }

    /** Takes the next answer, which is one to the oldest line that is not complete. */
    void accept(GenerateOutcome outcome) {
        Line line = lines.stream().filter(l -> !l.isComplete()).findFirst().orElseThrow();
        if (outcome instanceof Rejected rejected) {
            line.rejection = line.rejection == null ? inWordsOfTheApi(rejected.rejection()) : line.rejection;
            line.ended++;
        } else {
            Generated g = (Generated) outcome;
            line.completions.add(g);
            line.ended += g.isLast() ? 1 : 0;
        }
    }

    /** The engine names the job's settings. */
    private static Rejection inWordsOfTheApi(Rejection rejection) {
        return new Rejection(rejection.code(), rejection.message().replace("generate.maxNewTokens", "max_tokens"));
    }
}
