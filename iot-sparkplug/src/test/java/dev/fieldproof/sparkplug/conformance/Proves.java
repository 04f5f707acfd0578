package dev.fieldproof.sparkplug.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Assertions of the specification that a test proves, without their common prefix {@code tck-id-}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Proves {
    /** Identifiers. */
    String[] value();
}
