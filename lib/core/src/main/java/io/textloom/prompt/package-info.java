/** Columns to prompts: Jinja and chat templates, examples from a table, and what is cut when a prompt is too long. */
@NullMarked
package io.textloom.prompt;

import org.jspecify.annotations.NullMarked;
