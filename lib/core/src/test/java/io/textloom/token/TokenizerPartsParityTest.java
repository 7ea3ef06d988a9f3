package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts and settings that no well-known tokenizer of {@link Vocabularies} has, put into one that is there and compared with the reference. */
class TokenizerPartsParityTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int TRIES = Integer.getInteger("textloom.parity.tries", 300);

    /** What tests write in quotes, since JSON is full of them. */
    private static final Map<String, String> EXPRESSIONS = Map.of(
            "CLIP",
            "<\\\\|startoftext\\\\|>|<\\\\|endoftext\\\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+",
            "DEEPSEEK",
            "[!\\\"#$%&'()*+,\\\\-./:;<=>?@\\\\[\\\\\\\\\\\\]^_`{|}~][A-Za-z]+|[^\\\\r\\\\n\\\\p{L}\\\\p{P}\\\\p{S}]?[\\\\p{L}\\\\p{M}]+"
                    + "| ?[\\\\p{P}\\\\p{S}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+",
            "POSSESSIVE",
            "(?i:[sdmt]|ll|ve|re)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?+\\\\p{L}++|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]++[\\\\r\\\\n]*|\\\\s");

    @TempDir
    Path folder;

    static List<String> normalizers() {
        return List.of(
                "{'type':'Nmt'}",
                "{'type':'Lowercase'}",
                "{'type':'StripAccents'}",
                "{'type':'ByteLevel'}",
                "{'type':'Prepend','prepend':'q▁'}",
                "{'type':'Strip','strip_left':true,'strip_right':true}",
                "{'type':'Replace','pattern':{'String':'e'},'content':''}",
                "{'type':'Replace','pattern':{'Regex':'\\\\s+|e|[0-9]{2}'},'content':'xy€'}",
                "{'type':'Sequence','normalizers':[{'type':'NFD'},{'type':'StripAccents'},{'type':'Prepend','prepend':'▁'},"
                        + "{'type':'Lowercase'},{'type':'Replace','pattern':{'String':'s'},'content':'ß'},{'type':'NFKC'}]}");
    }

    @ParameterizedTest
    @MethodSource("normalizers")
    void normalizersAgree(String normalizer) throws IOException {
        ObjectNode pairs = vocabulary("llama2");
        pairs.set("normalizer", json(normalizer));
        assertAgrees(pairs);
        ObjectNode unigram = vocabulary("xlm-roberta");
        JsonNode charsmap = unigram.path("normalizer");
        ArrayNode steps =
                unigram.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        steps.add(json(normalizer)).add(charsmap).add(json(normalizer));
        assertAgrees(unigram);
    }

    @ParameterizedTest
    @ValueSource(strings = {"always", "first", "never"})
    void markedSpacesAgree(String scheme) throws IOException {
        for (boolean split : new boolean[] {true, false}) {
            String metaspace =
                    "{'type':'Metaspace','replacement':'▁','prepend_scheme':'" + scheme + "','split':" + split + "}";
            for (String name : List.of("xlm-roberta", "llama2")) {
                ObjectNode tokenizer = vocabulary(name);
                tokenizer.set("pre_tokenizer", json(metaspace));
                tokenizer.set("decoder", json(metaspace));
                assertAgrees(tokenizer);
                tokenizer
                        .putObject("normalizer")
                        .put("type", "Strip")
                        .put("strip_left", true)
                        .put("strip_right", false);
                tokenizer.set(
                        "pre_tokenizer",
                        json("{'type':'Sequence','pretokenizers':[{'type':'WhitespaceSplit'}," + metaspace + "]}"));
                assertAgrees(tokenizer);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"})
    void cutsAgree(String behavior) throws IOException {
        for (String pattern : List.of(
                "{'String':'e'}", "{'String':' '}", "{'Regex':'\\\\s+'}", "{'Regex':'\\\\p{Lu}\\\\p{Ll}*(?!\\\\s)'}")) {
            for (boolean invert : new boolean[] {true, false}) {
                ObjectNode tokenizer = vocabulary("llama2");
                tokenizer.putNull("normalizer");
                tokenizer.set(
                        "pre_tokenizer",
                        json("{'type':'Split','pattern':" + pattern + ",'behavior':'" + behavior + "','invert':"
                                + invert + "}"));
                assertAgrees(tokenizer);
            }
        }
        ObjectNode tokenizer = vocabulary("parts");
        tokenizer.set(
                "pre_tokenizer",
                json(
                        "{'type':'Sequence','pretokenizers':[{'type':'Punctuation','behavior':'" + behavior
                                + "'},{'type':'Digits','individual_digits':false},{'type':'CharDelimiterSplit','delimiter':'t'}]}"));
        assertAgrees(tokenizer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLIP", "DEEPSEEK", "POSSESSIVE"})
    void expressionsAgree(String name) throws IOException {
        ObjectNode tokenizer = vocabulary("llama3");
        tokenizer.set(
                "pre_tokenizer",
                json(
                        "{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'X'},'behavior':'Removed','invert':true},"
                                + "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':true}]}"));
        ((ObjectNode) tokenizer.at("/pre_tokenizer/pretokenizers/0/pattern"))
                .set("Regex", MAPPER.readTree('"' + EXPRESSIONS.get(name) + '"'));
        assertAgrees(tokenizer);
    }

    @Test
    void unknownCharactersAgree() throws IOException {
        for (boolean fuse : new boolean[] {true, false}) {
            ObjectNode tokenizer = vocabulary("llama2");
            model(tokenizer).put("fuse_unk", fuse);
            ((ObjectNode) model(tokenizer).get("vocab")).remove(List.of("<0xE4>", "<0xCC>", "<0xD9>"));
            assertAgrees(tokenizer); // some characters have bytes, some have not
            model(tokenizer).put("byte_fallback", false);
            assertAgrees(tokenizer);
            model(tokenizer).putNull("unk_token");
            assertAgrees(tokenizer); // dropped
        }
        ObjectNode whole = vocabulary("llama2");
        model(whole).put("ignore_merges", true);
        assertAgrees(whole);
    }

    @Test
    void unknownBytesOfUnigramsAgree() throws IOException {
        ObjectNode tokenizer = vocabulary("xlm-roberta");
        ArrayNode vocabulary = (ArrayNode) model(tokenizer).get("vocab");
        for (int b = 0; b < 256; b++) {
            vocabulary.addArray().add("<0x%02X>".formatted(b)).add(-12.0);
        }
        model(tokenizer).put("byte_fallback", true);
        tokenizer.set(
                "decoder",
                json(
                        "{'type':'Sequence','decoders':[{'type':'ByteFallback'},{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}]}"));
        assertAgrees(tokenizer);
        for (int b = 0; b < 40; b++) {
            vocabulary.remove(vocabulary.size() - 1);
        }
        assertAgrees(tokenizer);
    }

    @Test
    void marksOfPlacesInWordsAgree() throws IOException {
        ObjectNode tokenizer = vocabulary("llama2");
        ObjectNode model = model(tokenizer);
        ObjectNode vocabulary = (ObjectNode) model.get("vocab");
        int next = vocabulary.size();
        List<String> characters = new ArrayList<>();
        vocabulary.fieldNames().forEachRemaining(token -> characters.add(token));
        for (String token : characters) {
            if (token.codePointCount(0, token.length()) == 1) {
                vocabulary.put("##" + token, next++).put(token + "</w>", next++).put("##" + token + "</w>", next++);
            }
        }
        vocabulary.put("##he</w>", next++).put("the</w>", next);
        model.set("merges", json("[['##h','##e</w>'],['t','##he</w>']]"));
        model.put("byte_fallback", false).put("continuing_subword_prefix", "##").put("end_of_word_suffix", "</w>");
        tokenizer.putNull("normalizer");
        tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        tokenizer.putObject("decoder").put("type", "BPEDecoder").put("suffix", "</w>");
        assertAgrees(tokenizer);
    }

    private void assertAgrees(ObjectNode tokenizer) throws IOException {
        Path json = folder.resolve("tokenizer.json");
        MAPPER.writeValue(json.toFile(), tokenizer);
        Tokenizer ours = Tokenizers.open(json);
        assertThat(ours).isInstanceOf(NativeTokenizer.class);
        HostileText texts = new HostileText(1);
        try (Parity parity = new Parity(new DjlTokenizer(json), ours, Set.of())) {
            for (int i = 0; i < TRIES; i++) {
                parity.check("x" + texts.next()); // not empty: there the reference's BPEDecoder ends the JVM
            }
        }
        assertStreams(ours);
    }

    /** Token by token the same text comes out as at once. */
    private static void assertStreams(Tokenizer tokenizer) {
        HostileText texts = new HostileText(2);
        for (int i = 0; i < 20; i++) {
            int[] ids = tokenizer.encode(texts.next());
            StreamDecoder stream = tokenizer.streamDecoder();
            StringBuilder text = new StringBuilder();
            for (int id : ids) {
                text.append(stream.push(id));
            }
            assertThat(text.append(stream.end())).hasToString(tokenizer.decode(ids, 0, ids.length));
        }
    }

    private ObjectNode vocabulary(String name) throws IOException {
        return (ObjectNode) MAPPER.readTree(Vocabularies.write(name, folder).toFile());
    }

    private static ObjectNode model(ObjectNode tokenizer) {
        return (ObjectNode) tokenizer.get("model");
    }

    private static JsonNode json(String quoted) throws IOException {
        return MAPPER.readTree(quoted.replace('\'', '"'));
    }
}
