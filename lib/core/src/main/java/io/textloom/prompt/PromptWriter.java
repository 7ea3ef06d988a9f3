package io.textloom.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.prompt.jinja.Template;
import io.textloom.prompt.jinja.TemplateException;
import io.textloom.text.RejectCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts of prompts: the template over a row, and the chat around it. For one caller at a time. */
final class PromptWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROLE = "role";
    private static final String CONTENT = "content";

    private final PromptPlan plan;
    private final Template template;
    private final @Nullable ChatTemplate chat;
    private final @Nullable ExampleTable examples;

    PromptWriter(PromptPlan plan, @Nullable ExampleTable examples) {
        this.plan = plan;
        this.examples = examples;
        this.template = Template.strict(plan.template());
        this.chat = plan.isChat() ? new ChatTemplate(plan.chatTemplate(), plan.chatVariables(), plan.now()) : null;
    }

    /** @param row columns with their values, the text column among them where the plan reads it */
    Draft draft(Map<String, @Nullable Object> row) {
        requireNoSpecials(row);
        return plan.options().messagesColumn().isEmpty() ? new RowDraft(row) : new MessagesDraft(row);
    }

    private void requireNoSpecials(Map<String, ? extends @Nullable Object> row) {
        for (String spelling : plan.spellings()) {
            row.forEach((column, value) -> {
                if (value != null && value.toString().contains(spelling)) {
                    throw new RejectedException(
                            RejectCode.SPECIAL_TOKEN,
                            "The column " + column + " spells the special token " + spelling
                                    + "; generate.specialTexts keep would make it one");
                }
            });
        }
    }

    /** The template over the columns of a row. */
    private String fill(Map<String, @Nullable Object> row, List<Integer> shown) {
        Map<String, @Nullable Object> variables = new HashMap<>(row);
        List<Object> rows = new ArrayList<>();
        if (examples != null) {
            shown.forEach(i -> rows.add(examples.row(i)));
        }
        variables.put(PromptPlan.EXAMPLES, rows);
        variables.put(PromptPlan.SYSTEM, plan.options().system());
        if (plan.options().template().isEmpty()) {
            variables.put(PromptPlan.INPUT, row.get(plan.textColumn()));
            variables.put("text_column", plan.textColumn());
            variables.put("answer_column", plan.options().examples().answerColumn());
        }
        try {
            return template.render(variables, plan.now());
        } catch (TemplateException e) {
            throw new RejectedException(RejectCode.TEMPLATE_FAILED, "The template failed, " + e.getMessage());
        }
    }

    private String converse(ChatTemplate chat, List<Map<String, @Nullable Object>> turns, List<Integer> shown) {
        List<Map<String, @Nullable Object>> messages = new ArrayList<>();
        boolean hasSystem = !turns.isEmpty() && "system".equals(turns.get(0).get(ROLE));
        if (hasSystem) {
            messages.add(turns.get(0));
        } else if (!plan.options().system().isEmpty()) {
            messages.add(message("system", plan.options().system()));
        }
        if (examples != null && plan.turns()) {
            for (int i : shown) {
                Map<String, @Nullable Object> example = examples.row(i);
                messages.add(message("user", question(example)));
                Object answer = example.get(plan.options().examples().answerColumn());
                messages.add(message("assistant", String.valueOf(answer)));
            }
        }
        messages.addAll(hasSystem ? turns.subList(1, turns.size()) : turns);
        try {
            return chat.render(messages, true);
        } catch (TemplateException e) {
            throw new RejectedException(RejectCode.TEMPLATE_FAILED, "The chat template failed, " + e.getMessage());
        }
    }

    private String question(Map<String, @Nullable Object> example) {
        return plan.options().messagesColumn().isEmpty()
                ? fill(example, List.of())
                : String.valueOf(example.get(plan.textColumn()));
    }

    private static Map<String, @Nullable Object> message(String role, String content) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(ROLE, role);
        message.put(CONTENT, content);
        return message;
    }

    private static void requireText(String prompt) {
        if (prompt.isBlank()) {
            throw new RejectedException(RejectCode.EMPTY_TEXT, "The prompt is empty or only white space");
        }
    }

    /** A template over columns, alone or as the user's message. */
    private final class RowDraft implements Draft {
        private final Map<String, @Nullable Object> row;
        private final String column;

        RowDraft(Map<String, @Nullable Object> row) {
            this.row = row;
            this.column = cutColumn(row);
        }

        private String cutColumn(Map<String, @Nullable Object> row) {
            if (!plan.options().cutColumn().isEmpty()) {
                return plan.options().cutColumn();
            }
            String longest = plan.readsText() ? plan.textColumn() : "";
            int length = -1;
            for (String name : plan.readsText() ? List.<String>of() : plan.required()) {
                if (row.get(name) instanceof String s && s.length() > length) {
                    longest = name;
                    length = s.length();
                }
            }
            return longest;
        }

        @Override
        public String cuttable() {
            return row.get(column) instanceof String s ? s : "";
        }

        @Override
        public String render(List<Integer> shown, String text) {
            Map<String, @Nullable Object> values = row;
            if (row.get(column) instanceof String) {
                values = new HashMap<>(row);
                values.put(column, text);
            }
            String prompt = fill(values, plan.turns() ? List.of() : shown);
            requireText(prompt);
            return chat == null ? prompt : converse(chat, List.of(message("user", prompt)), shown);
        }
    }

    /** A column of messages; what may be cut is the user's last one. */
    private final class MessagesDraft implements Draft {
        private final List<Map<String, @Nullable Object>> messages;
        private final int last;

        MessagesDraft(Map<String, @Nullable Object> row) {
            messages = parse(row.get(plan.options().messagesColumn()));
            // JSON may write any character as an escape
            requireNoSpecials(Map.of(plan.options().messagesColumn(), messages));
            int user = messages.size() - 1;
            while (user >= 0
                    && !("user".equals(messages.get(user).get(ROLE))
                            && messages.get(user).get(CONTENT) instanceof String)) {
                user--;
            }
            last = user;
        }

        private List<Map<String, @Nullable Object>> parse(@Nullable Object value) {
            String column = plan.options().messagesColumn();
            List<Map<String, @Nullable Object>> parsed = new ArrayList<>();
            try {
                Object list = value instanceof String json ? JSON.readValue(json, Object.class) : value;
                parsed = list == null ? parsed : JSON.convertValue(list, new TypeReference<>() {});
            } catch (JsonProcessingException | IllegalArgumentException e) {
                throw new RejectedException(
                        RejectCode.INVALID_REQUEST,
                        "The column " + column
                                + " holds no messages; expected a list of objects with role and content");
            }
            if (parsed.isEmpty()) {
                throw new RejectedException(RejectCode.EMPTY_TEXT, "The column " + column + " holds no message");
            }
            for (Map<String, @Nullable Object> each : parsed) {
                if (each == null || !(each.get(ROLE) instanceof String)) {
                    throw new RejectedException(
                            RejectCode.INVALID_REQUEST,
                            "The column " + column + " holds a message without a role; expected role and content");
                }
            }
            return parsed;
        }

        @Override
        public String cuttable() {
            return last < 0 ? "" : String.valueOf(messages.get(last).get(CONTENT));
        }

        @Override
        public String render(List<Integer> shown, String text) {
            List<Map<String, @Nullable Object>> turns = new ArrayList<>(messages);
            if (last >= 0) {
                Map<String, @Nullable Object> cut = new LinkedHashMap<>(messages.get(last));
                cut.put(CONTENT, text);
                turns.set(last, cut);
            }
            if (chat == null) {
                throw new IllegalStateException("messages without a chat template");
            }
            return converse(chat, turns, shown);
        }
    }
}
