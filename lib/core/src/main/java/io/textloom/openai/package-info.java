/** The request and answer objects of OpenAI's batch files: bodies to options and prompts, results to bodies. Knows nothing of Spark. */
@NullMarked
package io.textloom.openai;

import org.jspecify.annotations.NullMarked;
