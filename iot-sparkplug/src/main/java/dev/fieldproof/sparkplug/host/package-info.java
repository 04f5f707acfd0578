/** Host applications: the fleet's sessions, metrics and faults as events and as a view (Sparkplug 3.0, chapter 5). */
package dev.fieldproof.sparkplug.host;
