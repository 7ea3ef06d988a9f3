package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;

/** What a fine-tuned model has on top of its encoder, told by the class that {@code architectures} in config.json names. */
public enum Head {
    /** Logits of a whole text or pair. */
    SEQUENCE("ForSequenceClassification"),
    /** Logits of every token. */
    TOKEN("ForTokenClassification"),
    /** For every token the logits of being the first and the last of an answer. */
    SPAN("ForQuestionAnswering"),
    /** Logits of all tokens of the vocabulary in a place of the text. */
    MASKED_LM("ForMaskedLM", "ForPreTraining");

    private final String[] suffixes;

    Head(String... suffixes) {
        this.suffixes = suffixes;
    }

    /** Empty for an encoder without a head, or with one that is none of these. */
    public static Optional<Head> of(JsonNode config) {
        String name = config.path("architectures").path(0).asText("");
        return Arrays.stream(values())
                .filter(head -> Arrays.stream(head.suffixes).anyMatch(name::endsWith))
                .findFirst();
    }

    /** {@code …ForSequenceClassification} */
    public String label() {
        return "…" + suffixes[0];
    }
}
