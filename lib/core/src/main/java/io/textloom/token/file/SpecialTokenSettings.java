package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.token.vocabulary.Vocabulary;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Added and special tokens as the files beside an old vocabulary name them.
 *
 * @param settings tokenizer_config.json
 * @param special special_tokens_map.json, which goes before it unless that lists all added tokens
 * @param added added_tokens.json
 */
record SpecialTokenSettings(ObjectNode settings, ObjectNode special, ObjectNode added) {
    static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final String DECODER = "added_tokens_decoder";

    /**
     * @param into the added tokens
     * @param defaults content by name of the setting
     * @return the special tokens by name of the setting
     * @throws IllegalArgumentException if a setting is no token
     */
    Map<String, AddedToken> add(List<AddedToken> into, Vocabulary tokens, Map<String, String> defaults) {
        Map<String, AddedToken> byContent = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> i = settings.path(DECODER).fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = i.next();
            AddedToken token = token(DECODER, entry.getValue(), id(entry.getKey()), false);
            byContent.put(token.content(), token);
        }
        for (Iterator<Map.Entry<String, JsonNode>> i = added.fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = i.next();
            if (!entry.getValue().isIntegralNumber() || !entry.getValue().canConvertToInt()) {
                throw wrong("added_tokens.json", entry.getValue(), "ids of tokens");
            }
            int id = entry.getValue().intValue();
            byContent.putIfAbsent(entry.getKey(), new AddedToken(id, entry.getKey(), false, false, false, true, false));
        }
        Map<String, AddedToken> named = new LinkedHashMap<>();
        int next = tokens.size();
        for (AddedToken token : byContent.values()) {
            next = Math.max(next, token.id() + 1);
        }
        for (Map.Entry<String, String> entry : defaults.entrySet()) {
            String name = entry.getKey();
            boolean listed = settings.has(DECODER);
            JsonNode set = special.hasNonNull(name) && !listed ? special.path(name) : settings.path(name);
            String content = set.isObject()
                    ? set.path("content").asText("")
                    : set.isTextual() ? set.textValue() : entry.getValue();
            if (content.isEmpty() || !(set.isObject() || set.isTextual() || set.isNull() || set.isMissingNode())) {
                throw wrong(name, set, "a token");
            }
            AddedToken known = byContent.get(content);
            int inModel = tokens.id(content);
            int id = known != null ? known.id() : inModel >= 0 ? inModel : next++;
            AddedToken token = known != null && listed
                    ? known
                    : set.isObject()
                            ? token(name, set, id, true)
                            : new AddedToken(id, content, false, false, false, false, true);
            byContent.putIfAbsent(content, token);
            named.put(name, token);
        }
        into.addAll(byContent.values());
        return named;
    }

    private static AddedToken token(String name, JsonNode node, int id, boolean special) {
        if (!node.path("content").isTextual()) {
            throw wrong(name, node, "tokens with a \"content\"");
        }
        boolean isSpecial = special || node.path("special").asBoolean(false);
        return new AddedToken(
                id,
                node.path("content").textValue(),
                node.path("single_word").asBoolean(false),
                node.path("lstrip").asBoolean(false),
                node.path("rstrip").asBoolean(false),
                node.path("normalized").asBoolean(!isSpecial),
                isSpecial);
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "an id in " + DECODER + " is \"" + Part.cut(text) + "\"; expected a whole number", e);
        }
    }

    private static IllegalArgumentException wrong(String name, JsonNode found, String expected) {
        return new IllegalArgumentException(
                "the setting " + name + " is " + Part.cut(found.toString()) + "; expected " + expected);
    }
}
