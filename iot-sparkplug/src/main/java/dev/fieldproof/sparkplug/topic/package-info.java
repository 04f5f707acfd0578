/** Sparkplug's topic namespace: reading and writing topics, and which messages there are (Sparkplug 3.0, chapter 4). */
package dev.fieldproof.sparkplug.topic;
