package io.textloom.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.constrain.ConstraintOptions;
import io.textloom.generate.SamplingOptions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A request for completions.
 *
 * @param prompts texts or token ids; empty for a chat
 * @param messages of a chat
 * @param sampling with the longest completion asked for; where {@code restOfContext}, at most so many
 * @param restOfContext whether the completion may take what the prompt leaves of the context
 * @param echo whether a choice's text begins with its prompt
 * @param truncate tokens of a prompt's end that are kept; empty for all
 */
public record CompletionRequest(
        Endpoint endpoint,
        List<PromptInput> prompts,
        List<Map<String, Object>> messages,
        SamplingOptions sampling,
        boolean restOfContext,
        boolean echo,
        OptionalInt truncate) {
    private static final int MOST_PROMPTS = 2048;
    /** The API's own; unit: tokens */
    private static final int API_MAX_TOKENS = 16;

    private static final int MOST_COMPLETION_LOGPROBS = 5;
    private static final int MOST_CHAT_LOGPROBS = 20;

    public CompletionRequest {
        prompts = List.copyOf(prompts);
        messages = List.copyOf(messages);
    }

    /**
     * Reads a body.
     *
     * @param settings of the job, for what the body leaves out
     * @throws RequestException if the body cannot be followed
     */
    public static CompletionRequest parse(
            Endpoint endpoint, String body, SamplingOptions settings, BatchOptions given) {
        BodyFields fields = BodyFields.parse(body);
        fields.text("model");
        CompletionRequest request =
                endpoint == Endpoint.CHAT ? chat(fields, settings, given) : completion(fields, settings, given);
        fields.requireNoOthers();
        return request;
    }

    private static CompletionRequest completion(BodyFields body, SamplingOptions settings, BatchOptions given) {
        body.refuse("suffix", "text is completed at its end alone");
        boolean echo = body.flag("echo");
        OptionalInt logprobs = body.integer("logprobs", 0, MOST_COMPLETION_LOGPROBS);
        if (echo && logprobs.isPresent()) {
            throw RequestException.of(
                    body.path("echo"),
                    "true beside logprobs",
                    "one of them; the job score gives the log-probabilities of a text");
        }
        int maxTokens = body.integer("max_tokens", 1, Integer.MAX_VALUE)
                .orElse(given.maxNewTokens() ? settings.maxNewTokens() : API_MAX_TOKENS);
        SamplingOptions sampling = new SamplingFields(body, settings, given)
                .read(
                        maxTokens,
                        body.integer("best_of", 1, SamplingFields.MOST_SAMPLES),
                        logprobs.orElse(-1),
                        ResponseFormat.read(body));
        List<PromptInput> prompts = PromptInput.read(
                body.path("prompt"), body.required("prompt", "a string, token ids, or a list of either"), MOST_PROMPTS);
        return new CompletionRequest(Endpoint.COMPLETIONS, prompts, List.of(), sampling, false, echo, truncation(body));
    }

    private static CompletionRequest chat(BodyFields body, SamplingOptions settings, BatchOptions given) {
        for (String field :
                List.of("tools", "functions", "function_call", "audio", "prediction", "web_search_options")) {
            body.refuse(field, "tools and other kinds of content are not followed; leave it out");
        }
        JsonNode choice = body.get("tool_choice");
        if (choice != null && !choice.asText().equals("none")) {
            throw RequestException.refused(body.path("tool_choice"), "tools are not followed; leave it out");
        }
        body.ignore("parallel_tool_calls");
        boolean told = body.flag("logprobs");
        OptionalInt top = body.integer("top_logprobs", 0, MOST_CHAT_LOGPROBS);
        if (top.isPresent() && !told) {
            throw RequestException.of(
                    body.path("top_logprobs"), "given without logprobs", "\"logprobs\": true beside it");
        }
        OptionalInt older = body.integer("max_tokens", 1, Integer.MAX_VALUE);
        OptionalInt newer = body.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt length = newer.isPresent() ? newer : older;
        SamplingOptions sampling = new SamplingFields(body, settings, given)
                .read(
                        length.orElse(settings.maxNewTokens()),
                        OptionalInt.empty(),
                        told ? top.orElse(0) : -1,
                        ResponseFormat.read(body));
        return new CompletionRequest(
                Endpoint.CHAT, List.of(), ChatMessages.read(body), sampling, length.isEmpty(), false, truncation(body));
    }

    private static OptionalInt truncation(BodyFields body) {
        return body.integer("truncate_prompt_tokens", 1, Integer.MAX_VALUE);
    }

    /** {@code response_format}. */
    private static final class ResponseFormat {
        private static final String ANY_OBJECT = "{\"type\":\"object\"}";

        static ConstraintOptions read(BodyFields body) {
            JsonNode given = body.get("response_format");
            if (given == null) {
                return ConstraintOptions.NONE;
            }
            BodyFields format = new BodyFields(given, body.path("response_format"));
            String type = format.text("type").orElse("");
            ConstraintOptions constraint = switch (type) {
                case "text" -> ConstraintOptions.NONE;
                case "json_object" -> schema(ANY_OBJECT);
                case "json_schema" -> schema(format);
                default ->
                    throw RequestException.of(
                            format.path("type"),
                            type.isEmpty() ? "absent" : BodyFields.shown(type),
                            "text, json_object or json_schema");
            };
            format.requireNoOthers();
            return constraint;
        }

        private static ConstraintOptions schema(BodyFields format) {
            BodyFields named = new BodyFields(
                    format.required("json_schema", "an object with name and schema"), format.path("json_schema"));
            named.ignore("name", "description", "strict");
            JsonNode schema = named.required("schema", "a JSON schema");
            if (!schema.isObject() && !schema.isBoolean()) {
                throw named.wrong("schema", schema, "a JSON schema");
            }
            named.requireNoOthers();
            return schema(schema.toString());
        }

        private static ConstraintOptions schema(String text) {
            return new ConstraintOptions(List.of(), "", text);
        }
    }
}
