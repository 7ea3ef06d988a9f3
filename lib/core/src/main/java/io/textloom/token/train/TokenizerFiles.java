package io.textloom.token.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A trained tokenizer as the files of a Hugging Face folder. The same tokenizer gives the same bytes.
 *
 * <p>{@code tokenizer.json} is for {@code Tokenizer.from_file} (merges as pairs, as tokenizers 0.20 and later have them), the other two let {@code AutoTokenizer.from_pretrained} know the special
 * tokens' roles.
 */
public final class TokenizerFiles {
    public static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String SPECIAL_TOKENS = "special_tokens_map.json";

    /** Longer words become the unknown token; unit: characters. */
    private static final int MAX_WORD_CHARACTERS = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerFiles() {}

    /** File name → content. */
    public static SortedMap<String, byte[]> of(TrainedTokenizer trained) {
        SortedMap<String, String> roles = roles(trained.options());
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put(TOKENIZER, bytes(tokenizer(trained)));
        files.put(CONFIG, bytes(config(roles, trained.options().type())));
        files.put(SPECIAL_TOKENS, bytes(texts(roles)));
        return Collections.unmodifiableSortedMap(files);
    }

    private static ObjectNode tokenizer(TrainedTokenizer trained) {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        ArrayNode added = json.putArray("added_tokens");
        List<String> special = trained.options().specialTokens();
        for (int id = 0; id < special.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", special.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        switch (trained.options().type()) {
            case BPE -> bytePairs(trained, json);
            case WORDPIECE -> wordPieces(trained, json);
        }
        return json;
    }

    /** As GPT-2's. */
    private static void bytePairs(TrainedTokenizer trained, ObjectNode json) {
        json.putNull("normalizer");
        byteLevel(json.putObject("pre_tokenizer"), false, true);
        byteLevel(json.putObject("post_processor"), true, false);
        byteLevel(json.putObject("decoder"), true, true);
        ObjectNode model = json.putObject("model");
        model.put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        vocabulary(trained, model);
        ArrayNode merges = model.putArray("merges");
        for (TokenPair merge : trained.merges()) {
            merges.addArray().add(merge.left()).add(merge.right());
        }
    }

    private static void byteLevel(ObjectNode part, boolean addPrefixSpace, boolean trimOffsets) {
        part.put("type", "ByteLevel");
        part.put("add_prefix_space", addPrefixSpace);
        part.put("trim_offsets", trimOffsets);
        part.put("use_regex", true);
    }

    /** As BERT's. */
    private static void wordPieces(TrainedTokenizer trained, ObjectNode json) {
        ObjectNode normalizer = json.putObject("normalizer");
        normalizer.put("type", "BertNormalizer");
        normalizer.put("clean_text", true);
        normalizer.put("handle_chinese_chars", true);
        normalizer.putNull("strip_accents");
        normalizer.put("lowercase", trained.options().lowercase());
        json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode template = json.putObject("post_processor");
        template.put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        special(single, SpecialNames.CLASSIFICATION, 0);
        sequence(single, "A", 0);
        special(single, SpecialNames.SEPARATOR, 0);
        ArrayNode pair = template.putArray("pair");
        pair.addAll(single);
        sequence(pair, "B", 1);
        special(pair, SpecialNames.SEPARATOR, 1);
        ObjectNode specialTokens = template.putObject("special_tokens");
        for (String token : List.of(SpecialNames.CLASSIFICATION, SpecialNames.SEPARATOR)) {
            ObjectNode entry = specialTokens.putObject(token);
            entry.put("id", token);
            entry.putArray("ids").add(trained.options().specialTokens().indexOf(token));
            entry.putArray("tokens").add(token);
        }
        json.putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", WordPieceTrainer.CONTINUATION)
                .put("cleanup", true);
        ObjectNode model = json.putObject("model");
        model.put("type", "WordPiece");
        model.put("unk_token", SpecialNames.UNKNOWN);
        model.put("continuing_subword_prefix", WordPieceTrainer.CONTINUATION);
        model.put("max_input_chars_per_word", MAX_WORD_CHARACTERS);
        vocabulary(trained, model);
    }

    private static void special(ArrayNode template, String token, int type) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
    }

    private static void sequence(ArrayNode template, String name, int type) {
        template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
    }

    private static void vocabulary(TrainedTokenizer trained, ObjectNode model) {
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < trained.vocabulary().size(); id++) {
            vocabulary.put(trained.vocabulary().get(id), id);
        }
    }

    private static ObjectNode config(SortedMap<String, String> roles, TokenizerType type) {
        ObjectNode config = texts(roles);
        config.put("clean_up_tokenization_spaces", false);
        if (type == TokenizerType.WORDPIECE) {
            config.putArray("model_input_names")
                    .add("input_ids")
                    .add("token_type_ids")
                    .add("attention_mask");
        }
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        return config;
    }

    private static ObjectNode texts(SortedMap<String, String> texts) {
        ObjectNode json = JSON.createObjectNode();
        texts.forEach(json::put);
        return json;
    }

    /** What transformers calls the special tokens. GPT-2's one token begins and ends a text. */
    private static SortedMap<String, String> roles(TrainTokenizerOptions options) {
        SortedMap<String, String> roles = new TreeMap<>();
        switch (options.type()) {
            case BPE -> {
                String end = options.specialTokens().contains(SpecialNames.END_OF_TEXT)
                        ? SpecialNames.END_OF_TEXT
                        : options.specialTokens().get(0);
                roles.put("bos_token", end);
                roles.put("eos_token", end);
            }
            case WORDPIECE -> {
                roles.put("pad_token", SpecialNames.PADDING);
                roles.put("unk_token", SpecialNames.UNKNOWN);
                roles.put("cls_token", SpecialNames.CLASSIFICATION);
                roles.put("sep_token", SpecialNames.SEPARATOR);
                roles.put("mask_token", SpecialNames.MASK);
            }
        }
        return roles;
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
            return text.getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tokenizer of plain texts and numbers has no JSON", e);
        }
    }
}
