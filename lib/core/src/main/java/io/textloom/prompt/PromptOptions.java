package io.textloom.prompt;

import java.io.Serializable;
import java.util.List;

/**
 * How prompts are made of rows.
 *
 * @param template Jinja over the columns; empty for the text column alone
 * @param templateFile file that holds the template instead; empty for none
 * @param system the system's message; empty for none
 * @param chatTemplate the name of one of the folder's chat templates, where it has several
 * @param chatVariables {@code name=value} for the chat template, the value JSON or else a text
 * @param messagesColumn column with messages, in place of text and template; empty for none
 * @param cutColumn what is cut where a prompt is too long; empty for the text column, or else the longest text
 * @param date what chat templates are told is today, {@code 2026-03-05}; empty for the day the run starts
 */
public record PromptOptions(
        String template,
        String templateFile,
        String system,
        ChatUse chat,
        String chatTemplate,
        List<String> chatVariables,
        String messagesColumn,
        SpecialTexts specialTexts,
        TextCut cut,
        String cutColumn,
        String date,
        ExampleOptions examples)
        implements Serializable {
    public PromptOptions {
        chatVariables = List.copyOf(chatVariables);
        if (!template.isEmpty() && !templateFile.isEmpty()) {
            throw new IllegalArgumentException(
                    "generate.template is given, and generate.templateFile, too; expected one of them");
        }
        boolean templated = !template.isEmpty() || !templateFile.isEmpty();
        if (templated && !messagesColumn.isEmpty()) {
            throw new IllegalArgumentException("generate.messagesColumn is " + messagesColumn
                    + ", and a template is given, too; expected one of them");
        }
        if (!messagesColumn.isEmpty() && chat == ChatUse.FALSE) {
            throw new IllegalArgumentException("generate.messagesColumn is " + messagesColumn
                    + " but generate.chat is false; expected auto or true");
        }
    }

    /** The text column is the prompt, or one user's message where the folder has a chat template. */
    public static PromptOptions defaults() {
        return new PromptOptions(
                "",
                "",
                "",
                ChatUse.AUTO,
                "",
                List.of(),
                "",
                SpecialTexts.KEEP,
                TextCut.END,
                "",
                "",
                ExampleOptions.NONE);
    }

    /** The same, cutting texts at an end. */
    PromptOptions cutting(TextCut end) {
        return new PromptOptions(
                template,
                templateFile,
                system,
                chat,
                chatTemplate,
                chatVariables,
                messagesColumn,
                specialTexts,
                end,
                cutColumn,
                date,
                examples);
    }

    /** The same with a template's text. */
    public PromptOptions withTemplate(String text) {
        return new PromptOptions(
                text,
                "",
                system,
                chat,
                chatTemplate,
                chatVariables,
                messagesColumn,
                specialTexts,
                cut,
                cutColumn,
                date,
                examples);
    }
}
