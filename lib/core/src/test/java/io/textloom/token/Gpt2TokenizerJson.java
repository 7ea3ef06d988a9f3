package io.textloom.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GPT-2's {@code tokenizer.json} from the ranks of r50k_base, which jtokkit carries.
 *
 * <p>The ranks are GPT-2's ids and say in which order pairs merge, but not which. A token's pair is what is left of its bytes when everything of lower rank has
 * merged.
 */
public final class Gpt2TokenizerJson {
    private static final String RANKS = "/com/knuddels/jtokkit/r50k_base.tiktoken";
    private static final String END_OF_TEXT = "<|endoftext|>";

    private Gpt2TokenizerJson() {}

    /** @param json overwritten */
    public static void write(Path json) throws IOException {
        List<String> tokens = tokens();
        Map<String, Integer> ids = new HashMap<>();
        for (String token : tokens) {
            ids.put(token, ids.size());
        }

        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        int endOfText = tokens.size();
        root.putArray("added_tokens")
                .addObject()
                .put("id", endOfText)
                .put("content", END_OF_TEXT)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"), false, true);
        byteLevel(root.putObject("post_processor"), true, false);
        byteLevel(root.putObject("decoder"), true, true);
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        tokens.forEach(token -> vocabulary.put(token, ids.get(token)));
        vocabulary.put(END_OF_TEXT, endOfText);
        ArrayNode merges = model.putArray("merges");
        for (String token : tokens) {
            if (token.length() > 1) {
                List<String> pair = parts(token, ids);
                if (pair.size() != 2) {
                    throw new IllegalStateException("Token " + token + " is no merge of two: " + pair);
                }
                merges.add(pair.get(0) + " " + pair.get(1));
            }
        }
        new ObjectMapper().writeValue(json.toFile(), root);
    }

    private static void byteLevel(ObjectNode node, boolean addPrefixSpace, boolean trimOffsets) {
        node.put("type", "ByteLevel").put("add_prefix_space", addPrefixSpace);
        node.put("trim_offsets", trimOffsets).put("use_regex", true);
    }

    /** By rank, each byte as its printable character. */
    private static List<String> tokens() throws IOException {
        char[] printable = printableBytes();
        List<String> tokens = new ArrayList<>();
        try (InputStream in = Gpt2TokenizerJson.class.getResourceAsStream(RANKS)) {
            if (in == null) {
                throw new IOException("Resource " + RANKS + " is missing; it comes with com.knuddels:jtokkit");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                if (Integer.parseInt(line.substring(space + 1)) != tokens.size()) {
                    throw new IOException("Ranks do not follow each other at " + line);
                }
                StringBuilder token = new StringBuilder();
                for (byte b : Base64.getDecoder().decode(line.substring(0, space))) {
                    token.append(printable[b & 0xff]);
                }
                tokens.add(token.toString());
            }
        }
        return tokens;
    }

    /** Source: GPT-2's bytes_to_unicode: Latin-1's visible characters stand for themselves, the others for U+0100 and up. */
    private static char[] printableBytes() {
        char[] printable = new char[256];
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean visible = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            printable[b] = visible ? (char) b : next++;
        }
        return printable;
    }

    /** Merges all pairs of lower rank than the token, the lowest and leftmost first. */
    private static List<String> parts(String token, Map<String, Integer> ids) {
        List<String> parts = new ArrayList<>(List.of(token.split("")));
        while (true) {
            int lowest = ids.get(token);
            int at = -1;
            for (int i = 0; i + 1 < parts.size(); i++) {
                Integer rank = ids.get(parts.get(i) + parts.get(i + 1));
                if (rank != null && rank < lowest) {
                    lowest = rank;
                    at = i;
                }
            }
            if (at < 0) {
                return parts;
            }
            parts.set(at, parts.get(at) + parts.remove(at + 1));
        }
    }
}
