package io.textloom.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.constrain.ConstraintOptions;
import io.textloom.generate.BeamOptions;
import io.textloom.generate.PenaltyOptions;
import io.textloom.generate.SamplingOptions;
import io.textloom.text.RejectCode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The sampling fields that both endpoints of generation have, those of vLLM's extensions among them. */
final class SamplingFields {
    static final int MOST_SAMPLES = 128;

    private static final int MOST_STOPS = 64;
    private static final double MOST_BIAS = 100;
    /** The API's own default; unit: tokens */
    private static final double API_TEMPERATURE = 1;

    private final BodyFields body;
    private final SamplingOptions settings;
    private final BatchOptions given;

    SamplingFields(BodyFields body, SamplingOptions settings, BatchOptions given) {
        this.body = body;
        this.settings = settings;
        this.given = given;
    }

    /** @throws RequestException if a field is wrong, or the fields do not fit each other */
    SamplingOptions read(int maxNewTokens, OptionalInt bestOf, int logprobs, ConstraintOptions responseFormat) {
        body.refuse("stream", "a batch answers every request as a whole; leave it out");
        body.refuse("stream_options", "a batch answers every request as a whole; leave it out");
        body.refuse("ignore_eos", "min_tokens bars end tokens from the completion's beginning");
        body.ignore("user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key");
        int minNewTokens = body.integer("min_tokens", 0, Integer.MAX_VALUE).orElse(settings.minNewTokens());
        if (minNewTokens > maxNewTokens) {
            throw RequestException.of(
                    body.path("min_tokens"),
                    String.valueOf(minNewTokens),
                    "at most the longest completion, " + maxNewTokens + " tokens");
        }
        int samples = body.integer("n", 1, MOST_SAMPLES).orElse(settings.samples());
        int best = bestOf.orElse(settings.bestOf());
        if (best != 0 && best < samples) {
            throw RequestException.of(body.path("best_of"), String.valueOf(best), "at least n, " + samples);
        }
        double topP = body.number("top_p", 0, 1).orElse(settings.topP());
        try {
            return new SamplingOptions(
                    maxNewTokens,
                    minNewTokens,
                    body.number("temperature", 0, 2)
                            .orElse(given.temperature() ? settings.temperature() : API_TEMPERATURE),
                    topK(),
                    // the likeliest token alone reaches the smallest probability there is
                    Math.max(topP, Double.MIN_NORMAL),
                    body.number("min_p", 0, 1).orElse(settings.minP()),
                    penalties(),
                    biases(),
                    stops(),
                    body.integers("stop_token_ids").orElse(settings.stopTokens()),
                    samples,
                    best,
                    BeamOptions.NONE,
                    logprobs,
                    constraint(responseFormat),
                    body.longInteger("seed").orElse(settings.seed()));
        } catch (IllegalArgumentException e) {
            throw new RequestException(RejectCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** vLLM's -1 stands for all tokens, too. */
    private int topK() {
        return Math.max(0, body.integer("top_k", -1, Integer.MAX_VALUE).orElse(settings.topK()));
    }

    private PenaltyOptions penalties() {
        PenaltyOptions own = settings.penalties();
        return new PenaltyOptions(
                body.number("repetition_penalty", Double.MIN_NORMAL, 1e5).orElse(own.repetition()),
                body.number("presence_penalty", -2, 2).orElse(own.presence()),
                body.number("frequency_penalty", -2, 2).orElse(own.frequency()),
                own.noRepeatNgram());
    }

    private List<String> stops() {
        List<String> stops = body.texts("stop", MOST_STOPS).orElse(settings.stop());
        if (stops.contains("")) {
            throw RequestException.of(body.path("stop"), "an empty string", "strings of at least one character");
        }
        return stops;
    }

    private Map<Integer, Double> biases() {
        JsonNode given = body.get("logit_bias");
        if (given == null) {
            return settings.logitBias();
        }
        Map<Integer, Double> biases = new TreeMap<>();
        String expected = "an object of token ids with numbers from -100 to 100";
        if (!given.isObject()) {
            throw body.wrong("logit_bias", given, expected);
        }
        for (Iterator<Map.Entry<String, JsonNode>> all = given.fields(); all.hasNext(); ) {
            Map.Entry<String, JsonNode> each = all.next();
            JsonNode bias = each.getValue();
            if (!each.getKey().matches("[0-9]{1,9}") || !bias.isNumber() || Math.abs(bias.asDouble()) > MOST_BIAS) {
                throw RequestException.of(
                        body.path("logit_bias"), BodyFields.shown(each.getKey() + ": " + bias), expected);
            }
            biases.put(Integer.valueOf(each.getKey()), bias.asDouble());
        }
        return biases;
    }

    private ConstraintOptions constraint(ConstraintOptions responseFormat) {
        List<String> choices = body.texts("guided_choice", Integer.MAX_VALUE).orElse(List.of());
        String regex = body.text("guided_regex").orElse("");
        JsonNode schema = body.get("guided_json");
        String json = schema == null ? "" : schema.isTextual() ? schema.asText() : schema.toString();
        ConstraintOptions guided;
        try {
            guided = new ConstraintOptions(choices, regex, json);
        } catch (IllegalArgumentException e) {
            throw RequestException.of(
                    body.path("guided_choice") + ", guided_regex or guided_json",
                    "given beside another",
                    "at most one of them");
        }
        if (!guided.isNone() && !responseFormat.isNone()) {
            throw RequestException.of(
                    body.path("response_format"), "given beside a guided_ field", "at most one of them");
        }
        return !guided.isNone() ? guided : !responseFormat.isNone() ? responseFormat : settings.constraint();
    }
}
