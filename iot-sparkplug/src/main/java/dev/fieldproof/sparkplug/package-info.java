/** Values that edge nodes and host applications share: identifiers and the way to a broker. */
package dev.fieldproof.sparkplug;
