package io.textloom.token.train;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.textloom.token.vocabulary.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * {@code tokenizer.json} of a vocabulary of whole words, as {@link WordSplitters#words} finds them: runs of letters, marks and digits, with apostrophes inside; a Chinese character is a word.
 * The last id is that of words that are not known.
 */
public final class WordLevelFile {
    /** Name of what is not known; no text has a word that is spelled so. */
    public static final String UNKNOWN = "<unk>";

    static final String WORD = "[\\p{L}\\p{M}\\p{N}]+(?:'[\\p{L}\\p{M}\\p{N}]+)*";
    static final String CURLY_APOSTROPHE = "\u2019";
    static final String APOSTROPHE = "'";

    private WordLevelFile() {}

    /** Gives the words one after the other. */
    @FunctionalInterface
    public interface Words {
        String word(int id);
    }

    /**
     * @param words their number
     * @param bytes of all of them, in UTF-8
     * @throws IllegalArgumentException if no tokenizer takes so many
     */
    public static void requireRoom(long words, long bytes) {
        if (words >= Vocabulary.MAX_SIZE || bytes > Vocabulary.MAX_BYTES - UNKNOWN.length()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the vocabulary has %,d words of %,d bytes; a tokenizer takes fewer than %,d of %,d bytes",
                    words,
                    bytes,
                    Vocabulary.MAX_SIZE,
                    Vocabulary.MAX_BYTES));
        }
    }

    /**
     * @param size number of words; the unknown word's id
     * @param lowercase whether capitals become small
     */
    public static void write(OutputStream out, int size, Words words, boolean lowercase) throws IOException {
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            json.writeArrayFieldStart("added_tokens");
            json.writeEndArray();
            writeNormalizer(json, lowercase);
            json.writeObjectFieldStart("pre_tokenizer");
            json.writeStringField("type", "Split");
            json.writeObjectFieldStart("pattern");
            json.writeStringField("Regex", WORD);
            json.writeEndObject();
            json.writeStringField("behavior", "Removed");
            json.writeBooleanField("invert", true);
            json.writeEndObject();
            json.writeNullField("post_processor");
            json.writeNullField("decoder");
            json.writeObjectFieldStart("model");
            json.writeStringField("type", "WordLevel");
            json.writeObjectFieldStart("vocab");
            for (int id = 0; id < size; id++) {
                json.writeNumberField(words.word(id), id);
            }
            json.writeNumberField(UNKNOWN, size);
            json.writeEndObject();
            json.writeStringField("unk_token", UNKNOWN);
            json.writeEndObject();
            json.writeEndObject();
        }
        out.write('\n');
    }

    private static void writeNormalizer(JsonGenerator json, boolean lowercase) throws IOException {
        json.writeObjectFieldStart("normalizer");
        json.writeStringField("type", "Sequence");
        json.writeArrayFieldStart("normalizers");
        json.writeStartObject();
        json.writeStringField("type", "NFKC");
        json.writeEndObject();
        json.writeStartObject();
        json.writeStringField("type", "BertNormalizer");
        json.writeBooleanField("clean_text", true);
        json.writeBooleanField("handle_chinese_chars", true);
        json.writeBooleanField("strip_accents", false);
        json.writeBooleanField("lowercase", lowercase);
        json.writeEndObject();
        json.writeStartObject();
        json.writeStringField("type", "Replace");
        json.writeObjectFieldStart("pattern");
        json.writeStringField("String", CURLY_APOSTROPHE);
        json.writeEndObject();
        json.writeStringField("content", APOSTROPHE);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }
}
