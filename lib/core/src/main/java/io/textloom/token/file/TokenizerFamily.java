package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tokenizers of transformers whose pipeline follows from their name alone. */
enum TokenizerFamily {
    BERT(Map.of(
            "unk_token",
            "[UNK]",
            "sep_token",
            "[SEP]",
            "pad_token",
            "[PAD]",
            "cls_token",
            "[CLS]",
            "mask_token",
            "[MASK]")),
    GPT2(Map.of("bos_token", "<|endoftext|>", "eos_token", "<|endoftext|>", "unk_token", "<|endoftext|>")),
    ROBERTA(Map.of(
            "bos_token", "<s>",
            "eos_token", "</s>",
            "unk_token", "<unk>",
            "sep_token", "</s>",
            "pad_token", "<pad>",
            "cls_token", "<s>",
            "mask_token", "<mask>"));

    private final Map<String, String> specials;

    TokenizerFamily(Map<String, String> specials) {
        this.specials = specials;
    }

    /** Special tokens by the names of their settings, in the order in which missing ones get their ids. */
    Map<String, String> specials() {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : SpecialTokenSettings.NAMES) {
            if (specials.containsKey(name)) {
                ordered.put(name, specials.get(name));
            }
        }
        return ordered;
    }

    /**
     * @param words whether the vocabulary is a list of words
     * @param tokenizerClass as tokenizer_config.json has it; may be missing
     * @param modelType as config.json has it; may be missing
     * @throws IllegalArgumentException if it is none of these
     */
    static TokenizerFamily of(boolean words, JsonNode tokenizerClass, JsonNode modelType) {
        String name = tokenizerClass
                .asText(modelType.asText(words ? "bert" : "gpt2"))
                .replaceFirst("Tokenizer(Fast)?$", "")
                .toLowerCase(Locale.ROOT);
        TokenizerFamily family = switch (name) {
            case "bert", "distilbert", "electra" -> BERT;
            case "gpt2" -> GPT2;
            case "roberta" -> ROBERTA;
            default ->
                throw new IllegalArgumentException("there is no tokenizer.json and the tokenizer is a \"" + name
                        + "\"; expected one of Bert, GPT2 and Roberta, or a tokenizer.json"
                        + " (AutoTokenizer.save_pretrained writes one)");
        };
        if ((family == BERT) != words) {
            throw new IllegalArgumentException(
                    "there is no tokenizer.json and the tokenizer is a \"" + name + "\" but the"
                            + " vocabulary is in " + (words ? "vocab.txt" : "vocab.json and merges.txt")
                            + "; expected vocab.txt for Bert, vocab.json and merges.txt for GPT2 and Roberta");
        }
        return family;
    }
}
