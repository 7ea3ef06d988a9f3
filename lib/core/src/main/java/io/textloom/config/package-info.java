/** HOCON, environment and command line resolved into option records. */
@NullMarked
package io.textloom.config;

import org.jspecify.annotations.NullMarked;
