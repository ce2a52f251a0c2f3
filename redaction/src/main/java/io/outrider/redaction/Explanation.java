package io.outrider.redaction;

import java.util.List;

/// Why a value was found. Holds no value.
///
/// @param finding what was found, and what is done about it
/// @param description what the rule finds, in words
/// @param source the file the rule stands in
/// @param sourceLine the line it starts at
/// @param keywords words the rule asks for, if any
/// @param entropy bits per byte of the value
/// @param minEntropy what the rule asks for; 0 for nothing
/// @param validator the test that the value passed; `""` for none
/// @param checksum `valid` or `invalid` where the format has a checksum of its own, else `""`
/// @param start index of the first byte of the value in the text that was looked through
/// @param stop index past its last byte
public record Explanation(
    Finding finding,
    String description,
    String source,
    int sourceLine,
    List<String> keywords,
    double entropy,
    double minEntropy,
    String validator,
    String checksum,
    int start,
    int stop) {
  public Explanation {
    keywords = List.copyOf(keywords);
  }
}
