package io.textloom.prompt;

/** Whether prompts become the messages of a chat. */
public enum ChatUse {
    /** Where the model's folder has a chat template. */
    AUTO,
    /** Always; a folder without a chat template is an error. */
    TRUE,
    /** Never. */
    FALSE
}
