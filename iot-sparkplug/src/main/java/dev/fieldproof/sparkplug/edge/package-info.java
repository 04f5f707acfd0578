/** Edge nodes: births and deaths, data by exception, commands, store and forward (Sparkplug 3.0, chapter 5). */
package dev.fieldproof.sparkplug.edge;
