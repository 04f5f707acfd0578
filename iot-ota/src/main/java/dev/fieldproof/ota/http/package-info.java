/**
 * A small HTTP/1.1 server (RFC 9110, RFC 9112) for many connections that ask little and a few that take much: one
 * thread reads every request, a few answer, and bodies that are files go from the page cache to the socket without a
 * copy. {@link dev.fieldproof.ota.http.Connection} is the protocol without a socket; {@link
 * dev.fieldproof.ota.http.HttpServer} drives it.
 */
package dev.fieldproof.ota.http;
