/** What edge nodes and host applications need to drive their state machines; not exported. */
package dev.fieldproof.sparkplug.driver;
