package io.textloom.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.token.file.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Hugging Face's own Rust tokenizer, through Deep Java Library. */
final class DjlTokenizer implements Tokenizer {
    private final HuggingFaceTokenizer tokenizer;
    private final SpecialTokens specialTokens;
    private final int vocabularySize;

    DjlTokenizer(Path tokenizerJson) {
        try {
            if (!Files.isRegularFile(tokenizerJson)) {
                throw new NoSuchFileException(tokenizerJson.toString());
            }
            vocabularySize = vocabularySize(new ObjectMapper().readTree(tokenizerJson.toFile()));
            tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(tokenizerJson)
                    .optPadding(false)
                    .optTruncation(false)
                    .build();
        } catch (IOException | RuntimeException e) {
            throw new TokenizerException(
                    "Cannot read " + tokenizerJson + " as a Hugging Face tokenizer.json: " + e.getMessage(), e);
        }
        specialTokens = probe();
    }

    @Override
    public TokenEncoder encoder() {
        return new DjlEncoder();
    }

    @Override
    public String decode(int[] ids, int from, int to) {
        long[] wide = new long[to - from];
        for (int i = from; i < to; i++) {
            wide[i - from] = ids[i];
        }
        return tokenizer.decode(wide, true);
    }

    /** Decodes anew at each token: the reference decodes whole sequences only. */
    @Override
    public StreamDecoder streamDecoder() {
        List<Integer> ids = new ArrayList<>();
        return new StreamDecoder() {
            private String out = "";

            @Override
            public String push(int id) {
                ids.add(id);
                String text = text();
                int end = text.length();
                while (end > 0 && text.charAt(end - 1) == '\ufffd') {
                    end--;
                }
                return take(text, end);
            }

            @Override
            public String end() {
                String text = text();
                return take(text, text.length());
            }

            private String text() {
                return decode(ids.stream().mapToInt(i -> i).toArray(), 0, ids.size());
            }

            private String take(String text, int end) {
                if (end <= out.length() || !text.startsWith(out)) {
                    return "";
                }
                String more = text.substring(out.length(), end);
                out = text.substring(0, end);
                return more;
            }
        };
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private Encoding encoding(String text, boolean specials) {
        try {
            return tokenizer.encode(text, specials, false);
        } catch (RuntimeException e) {
            throw new TokenizerException(
                    "The tokenizer failed on a text of " + text.length() + " characters: " + e.getMessage(), e);
        }
    }

    private int[] encode(String text, boolean specials) {
        long[] wide = encoding(text, specials).getIds();
        int[] ids = new int[wide.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) wide[i];
        }
        return ids;
    }

    /** Has nothing of its own: the native tokenizer is safe for concurrent use. */
    private final class DjlEncoder implements TokenEncoder {
        @Override
        public void encode(byte[] utf8, int from, int to, Tokens into) {
            into.clear();
            for (long id : encoding(new String(utf8, from, to - from, StandardCharsets.UTF_8), false)
                    .getIds()) {
                into.add((int) id);
            }
        }

        @Override
        public void encodeWithOffsets(byte[] utf8, int from, int to, Tokens into) {
            into.clearForOffsets();
            Encoding encoding = encoding(new String(utf8, from, to - from, StandardCharsets.UTF_8), false);
            long[] ids = encoding.getIds();
            CharSpan[] spans = encoding.getCharTokenSpans();
            for (int i = 0; i < ids.length; i++) {
                into.add((int) ids[i], spans[i].getStart(), spans[i].getEnd());
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public Template template() {
        List<Template.Slot> single = new ArrayList<>();
        single.add(new Template.Special(specialTokens.before(), 0));
        single.add(new Template.Sequence(0, 0));
        single.add(new Template.Special(specialTokens.after(), 0));
        return new Template(single, pairTemplate());
    }

    /** As a pair of one letter and another comes out. */
    private List<Template.Slot> pairTemplate() {
        Encoding pair = tokenizer.encode("a", "b", true, false);
        int first = encode("a", false).length;
        int second = encode("b", false).length;
        long[] ids = pair.getIds();
        long[] types = pair.getTypeIds();
        long[] special = pair.getSpecialTokenMask();
        List<Template.Slot> slots = new ArrayList<>();
        int sequence = 0;
        for (int i = 0; i < ids.length; i++) {
            if (special[i] == 1) {
                slots.add(new Template.Special(List.of((int) ids[i]), (int) types[i]));
            } else {
                slots.add(new Template.Sequence(sequence, (int) types[i]));
                i += (sequence == 0 ? first : second) - 1;
                sequence++;
            }
        }
        return slots;
    }

    /** Finds what the post-processor adds by encoding one letter with and without it. */
    private SpecialTokens probe() {
        int[] bare = encode("a", false);
        int[] full = encode("a", true);
        for (int start = 0; start + bare.length <= full.length; start++) {
            if (Arrays.equals(full, start, start + bare.length, bare, 0, bare.length)) {
                return new SpecialTokens(list(full, 0, start), list(full, start + bare.length, full.length));
            }
        }
        return new SpecialTokens(List.of(), List.of());
    }

    private static List<Integer> list(int[] ids, int from, int to) {
        List<Integer> list = new ArrayList<>();
        for (int i = from; i < to; i++) {
            list.add(ids[i]);
        }
        return list;
    }

    /** One more than the largest id; unit: ids. A WordPiece or BPE vocabulary is an object, a Unigram one an array. */
    private static int vocabularySize(JsonNode json) {
        JsonNode vocabulary = json.path("model").path("vocab");
        int size = vocabulary.isArray() ? vocabulary.size() : 0;
        if (vocabulary.isObject()) {
            for (JsonNode id : vocabulary) {
                size = Math.max(size, id.asInt() + 1);
            }
        }
        for (JsonNode added : json.path("added_tokens")) {
            size = Math.max(size, added.path("id").asInt() + 1);
        }
        return size;
    }
}
