package io.textloom.openai;

import io.textloom.fuzz.FuzzTarget;
import io.textloom.generate.SamplingOptions;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Bodies of OpenAI's batch files, each as a request of every kind. */
public final class RequestFuzz {
    private static final SamplingOptions SETTINGS = SamplingOptions.greedy(40);

    private RequestFuzz() {}

    public static FuzzTarget target() {
        return new FuzzTarget("openai", FuzzTarget.Shape.TEXT, Set.of(RequestException.class), 4 << 20, 1000, input -> {
            String body = new String(input, StandardCharsets.UTF_8);
            long feature = 0;
            for (Endpoint endpoint : new Endpoint[] {Endpoint.CHAT, Endpoint.COMPLETIONS}) {
                try {
                    CompletionRequest request = CompletionRequest.parse(endpoint, body, SETTINGS, BatchOptions.API);
                    feature += 1 + request.messages().size() + request.prompts().size();
                } catch (RequestException e) {
                    feature += e.rejection().message().replaceAll("[^a-z ]", "").hashCode();
                }
            }
            return feature + EmbeddingRequest.parse(body).inputs().size();
        });
    }
}
