package io.textloom.prompt;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.fuzz.FuzzTarget;
import io.textloom.prompt.jinja.Template;
import io.textloom.prompt.jinja.TemplateException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows and conversations of any shape in sound templates: every value that JSON has reaches the renderer. */
public final class ChatFuzz {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 5, 9, 7, 3);
    private static final String CHAT = """
            {{ bos_token }}{% for message in messages %}{% if message.role == 'system' and loop.first %}<<{{ message['content'] | trim }}>>
            {%- elif message.content is string %}[{{ message.role | upper }}] {{ message.content | trim }}
            {%- else %}{% for part in message.content %}{{ part.type }}={{ part.text | tojson }}{% endfor %}{% endif %}
            {%- if message.tool_calls is defined %}{% for call in message.tool_calls %}{{ call.function.name }}({{ call.function.arguments | tojson(indent=2) }}){% endfor %}{% endif %}
            {{- message.extra | default('') | string | length }}{% endfor %}{% if add_generation_prompt %}[A]{% endif %}""";
    private static final String ROW = """
            {{ id }}: {{ text | truncate(20) }} {{ tags | join(', ') }} {{ score | round(2) }} {{ nested.a.b }} {{ nested | tojson }}
            {% for key, value in nested.items() | sort %}{{ key }}={{ value }};{% endfor %}{{ tags | map('length') | sum }} {{ text.split(' ') | first }}""";

    private ChatFuzz() {}

    public static FuzzTarget target() {
        ChatTemplate chat = new ChatTemplate(CHAT, Map.of("bos_token", "<s>"), NOW);
        Template row = Template.strict(ROW);
        return new FuzzTarget(
                "chat",
                FuzzTarget.Shape.TEXT,
                Set.of(TemplateException.class, JacksonException.class),
                8 << 20,
                4000,
                input -> {
                    // of bytes Jackson would guess the encoding
                    Map<String, @Nullable Object> given =
                            JSON.readValue(new String(input, StandardCharsets.UTF_8), new TypeReference<>() {});
                    if (given != null && given.get("messages") instanceof List<?>) {
                        List<Map<String, @Nullable Object>> messages = JSON.readValue(
                                JSON.writeValueAsString(given.get("messages")), new TypeReference<>() {});
                        return messages == null
                                ? 0
                                : chat.render(messages, true).length();
                    }
                    return given == null ? 0 : -bits(row.render(given, NOW));
                });
    }

    private static long bits(String text) {
        return 32 - Integer.numberOfLeadingZeros(text.length());
    }
}
