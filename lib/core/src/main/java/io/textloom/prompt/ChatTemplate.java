package io.textloom.prompt;

import io.textloom.prompt.jinja.Template;
import io.textloom.prompt.jinja.TemplateException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model's chat template with the values it always sees. Immutable and safe for concurrent use. */
public final class ChatTemplate {
    /** Names under which models' templates look for what was thought before an answer; the first given one counts. */
    private static final List<String> REASONING = List.of("reasoning_content", "thinking", "reasoning");

    private final Template template;
    private final Map<String, @Nullable Object> variables = new HashMap<>();
    private final LocalDateTime now;

    /**
     * @param variables special tokens by name, and what else the template is to see
     * @throws TemplateException if it cannot be parsed
     */
    public ChatTemplate(String source, Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
        this.template = Template.lenient(source);
        this.variables.put("tools", null);
        this.variables.put("documents", null);
        this.variables.putAll(variables);
        this.now = now;
    }

    /**
     * The text of a conversation.
     *
     * @param messages with role, content and whatever else the template knows; fields that are null count as absent
     * @param addGenerationPrompt whether the text ends where the assistant is to go on
     * @throws TemplateException if the template fails or raises
     */
    public String render(
            List<? extends Map<String, ? extends @Nullable Object>> messages, boolean addGenerationPrompt) {
        Map<String, @Nullable Object> all = new HashMap<>(variables);
        List<@Nullable Object> given = new ArrayList<>();
        for (Map<String, ? extends @Nullable Object> message : messages) {
            given.add(message == null ? null : plain(message)); // a row may hold a null in place of a message
        }
        all.put("messages", given);
        all.putIfAbsent("add_generation_prompt", addGenerationPrompt);
        return template.render(all, now);
    }

    private static Map<String, Object> plain(Map<String, ? extends @Nullable Object> message) {
        Map<String, Object> given = new LinkedHashMap<>();
        message.forEach((name, value) -> {
            if (value != null) {
                given.put(name, value);
            }
        });
        List<Object> reasoning = new ArrayList<>();
        REASONING.forEach(name -> {
            if (given.containsKey(name)) {
                reasoning.add(given.get(name));
            }
        });
        if (!reasoning.isEmpty()) {
            given.putIfAbsent("thinking", reasoning.get(0));
            given.put("reasoning_content", reasoning.get(0));
        }
        return given;
    }
}
