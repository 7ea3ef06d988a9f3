/** A small interpreter of Jinja templates: what chat templates use, with Python's values and their spelling, and nothing that reaches outside. */
@NullMarked
package io.textloom.prompt.jinja;

import org.jspecify.annotations.NullMarked;
