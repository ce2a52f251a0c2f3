/// JSON-RPC 2.0 messages, read strictly and kept as the bytes that came (RFC 8259, JSON-RPC 2.0).
@NullMarked
package io.outrider.jsonrpc;

import org.jspecify.annotations.NullMarked;
