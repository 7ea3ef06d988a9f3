package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.tensor.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A built-in encoder that comes as an ONNX file and a tokenizer, and what its model card says besides.
 *
 * @param maxTokens longest sequence it was made for; unit: tokens
 * @param prompts by name; none is applied by itself
 */
record OnnxBuiltin(
        String onnx,
        String tokenizer,
        BertSpec spec,
        Pooling pooling,
        int maxTokens,
        boolean lowerCase,
        Map<String, String> prompts) {

    /** Source: model card of sentence-transformers/all-MiniLM-L6-v2. */
    static final OnnxBuiltin MINILM = new OnnxBuiltin(
            "all-minilm-l6-v2.onnx",
            "all-minilm-l6-v2-tokenizer.json",
            BertSpec.bert(384, 6, 12, 1536, 30522),
            Pooling.MEAN,
            256,
            true,
            Map.of());

    /** Source: model card of BAAI/bge-small-zh-v1.5. */
    static final OnnxBuiltin BGE_SMALL_ZH = new OnnxBuiltin(
            "bge-small-zh-v1.5.onnx",
            "bge-small-zh-v1.5-tokenizer.json",
            BertSpec.bert(512, 4, 8, 2048, 21128),
            Pooling.CLS,
            512,
            true,
            Map.of("query", "为这个句子生成表示以用于检索相关文章："));

    /** Writes a folder as sentence-transformers saves it, with weights recovered from the ONNX file and verified against it. */
    void write(Path directory, ImportCheck check) throws IOException {
        write(directory, "config.json", config());
        write(directory, "tokenizer.json", tokenizerWithoutLimits());
        write(directory, "tokenizer_config.json", tokenizerConfig());
        write(directory, "special_tokens_map.json", specialTokens(Json.MAPPER.createObjectNode()));
        write(directory, "modules.json", modules());
        Files.createDirectories(directory.resolve("1_Pooling"));
        write(directory, "1_Pooling/config.json", poolingConfig());
        write(
                directory,
                "sentence_bert_config.json",
                Json.MAPPER.createObjectNode().put("max_seq_length", maxTokens).put("do_lower_case", false));
        write(directory, "config_sentence_transformers.json", sentenceTransformers());
        Path file = Files.createTempFile("textloom-import", ".onnx");
        try {
            try (InputStream in = BuiltinModel.resource(onnx).openStream()) {
                Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            Safetensors.write(
                    directory.resolve("model.safetensors"), OnnxWeights.recover(file, spec), Map.of("format", "pt"));
            check.verify(file, ModelFolder.open(directory));
        } finally {
            Files.delete(file);
        }
    }

    private ObjectNode config() {
        ObjectNode config = Json.MAPPER.createObjectNode();
        config.putArray("architectures").add("BertModel");
        return config.put("model_type", "bert")
                .put("hidden_size", spec.hidden())
                .put("num_hidden_layers", spec.layers())
                .put("num_attention_heads", spec.heads())
                .put("intermediate_size", spec.intermediate())
                .put("hidden_act", "gelu")
                .put("vocab_size", spec.vocabulary())
                .put("max_position_embeddings", spec.maxPositions())
                .put("type_vocab_size", spec.typeVocabulary())
                .put("layer_norm_eps", 1e-12)
                .put("position_embedding_type", "absolute")
                .put("hidden_dropout_prob", 0.1)
                .put("attention_probs_dropout_prob", 0.1)
                .put("initializer_range", 0.02)
                .put("pad_token_id", 0)
                .put("torch_dtype", "float32");
    }

    /**
     * The artifact's tokenizer.json may pad and cut every text to a fixed length; windows are Textloom's business. It may also keep capitals,
     * which transformers overrules by {@code do_lower_case}: without that, a lower-case vocabulary reads every capitalised word as unknown.
     */
    private JsonNode tokenizerWithoutLimits() throws IOException {
        try (InputStream in = BuiltinModel.resource(tokenizer).openStream()) {
            ObjectNode json = (ObjectNode) Json.MAPPER.readTree(in);
            json.putNull("truncation");
            json.putNull("padding");
            ((ObjectNode) json.get("normalizer")).put("lowercase", lowerCase);
            return json;
        }
    }

    private ObjectNode tokenizerConfig() {
        return specialTokens(Json.MAPPER
                .createObjectNode()
                .put("tokenizer_class", "BertTokenizer")
                .put("do_lower_case", lowerCase)
                .put("do_basic_tokenize", true)
                .put("tokenize_chinese_chars", true)
                .put("model_max_length", spec.maxPositions()));
    }

    private static ObjectNode specialTokens(ObjectNode json) {
        return json.put("unk_token", "[UNK]")
                .put("sep_token", "[SEP]")
                .put("pad_token", "[PAD]")
                .put("cls_token", "[CLS]")
                .put("mask_token", "[MASK]");
    }

    private static ArrayNode modules() {
        ArrayNode modules = Json.MAPPER.createArrayNode();
        String[][] parts = {{"", "Transformer"}, {"1_Pooling", "Pooling"}, {"2_Normalize", "Normalize"}};
        for (int i = 0; i < parts.length; i++) {
            modules.addObject()
                    .put("idx", i)
                    .put("name", Integer.toString(i))
                    .put("path", parts[i][0])
                    .put("type", "sentence_transformers.models." + parts[i][1]);
        }
        return modules;
    }

    private ObjectNode poolingConfig() {
        return Json.MAPPER
                .createObjectNode()
                .put("word_embedding_dimension", spec.hidden())
                .put("pooling_mode_cls_token", pooling == Pooling.CLS)
                .put("pooling_mode_mean_tokens", pooling == Pooling.MEAN)
                .put("pooling_mode_max_tokens", pooling == Pooling.MAX)
                .put("pooling_mode_mean_sqrt_len_tokens", false);
    }

    private ObjectNode sentenceTransformers() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.putObject("__version__");
        ObjectNode named = json.putObject("prompts");
        prompts.forEach(named::put);
        return json.putNull("default_prompt_name").put("similarity_fn_name", "cosine");
    }

    private static void write(Path directory, String name, JsonNode json) throws IOException {
        Files.write(
                directory.resolve(name),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
