package io.textloom.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages of a chat as chat templates take them: role, content as one text, and a name where there is one. */
final class ChatMessages {
    private static final String ROLES = "system, developer, user, assistant or tool";

    private ChatMessages() {}

    static List<Map<String, Object>> read(BodyFields body) {
        JsonNode given = body.required("messages", "a list of messages");
        if (!given.isArray() || given.isEmpty()) {
            throw body.wrong("messages", given, "a list of at least one message");
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            messages.add(message(new BodyFields(given.get(i), body.path("messages[" + i + "]"))));
        }
        return messages;
    }

    private static Map<String, Object> message(BodyFields given) {
        Map<String, Object> message = new LinkedHashMap<>();
        String role = given.text("role").orElse("");
        message.put(
                "role",
                switch (role) {
                    case "system", "user", "assistant", "tool" -> role;
                    // templates of open models know the older word
                    case "developer" -> "system";
                    default ->
                        throw RequestException.of(
                                given.path("role"), role.isEmpty() ? "absent" : BodyFields.shown(role), ROLES);
                });
        given.refuse("tool_calls", "tools are not followed; give the assistant's text alone");
        given.refuse("function_call", "tools are not followed; give the assistant's text alone");
        given.refuse("audio", "text is the only content");
        message.put("content", content(given));
        optional(message, given, "name");
        optional(message, given, "tool_call_id");
        given.ignore("refusal");
        given.requireNoOthers();
        return message;
    }

    private static void optional(Map<String, Object> message, BodyFields given, String name) {
        Optional<String> value = given.text(name);
        value.ifPresent(text -> message.put(name, text));
    }

    private static String content(BodyFields given) {
        String expected = "a string or a list of text parts";
        JsonNode content = given.required("content", expected);
        if (content.isTextual()) {
            return content.asText();
        }
        if (!content.isArray()) {
            throw given.wrong("content", content, expected);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            BodyFields part = new BodyFields(content.get(i), given.path("content[" + i + "]"));
            String type = part.text("type").orElse("");
            if (!type.equals("text")) {
                throw RequestException.of(
                        part.path("type"),
                        type.isEmpty() ? "absent" : BodyFields.shown(type),
                        "text, the only content");
            }
            part.required("text", "a string");
            text.append(part.text("text").orElse(""));
            part.requireNoOthers();
        }
        return text.toString();
    }
}
