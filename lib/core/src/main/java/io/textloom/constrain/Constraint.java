package io.textloom.constrain;

/** What completions may look like, made for one tokenizer. Safe for concurrent use; its states are shared. */
public interface Constraint {
    /** The state before the first token. */
    ConstraintState start();
}
