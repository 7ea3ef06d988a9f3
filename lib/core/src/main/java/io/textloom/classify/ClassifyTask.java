package io.textloom.classify;

/** What a fine-tuned model is used for. */
public enum ClassifyTask {
    /** What its head is made for; pairs where a second text is given. */
    AUTO,
    /** Labels of each text. */
    SEQUENCE,
    /** Entities in each text. */
    TOKEN,
    /** Answers to a question, found in each text. */
    QUESTION_ANSWERING,
    /** Labels, or a score, of each text with another one. */
    PAIR,
    /** Which of each row's choices goes best with its text. */
    CHOICE
}
