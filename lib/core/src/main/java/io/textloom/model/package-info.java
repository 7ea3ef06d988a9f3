/** Model folders in Hugging Face layout: configuration, safetensors weights, checksums, built-in models. */
@NullMarked
package io.textloom.model;

import org.jspecify.annotations.NullMarked;
