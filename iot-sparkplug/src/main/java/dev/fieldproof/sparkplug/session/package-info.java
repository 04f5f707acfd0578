/** The lifecycles of edge nodes and of their sessions at a host as pure state machines; not exported. */
package dev.fieldproof.sparkplug.session;
