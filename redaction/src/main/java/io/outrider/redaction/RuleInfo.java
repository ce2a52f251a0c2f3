package io.outrider.redaction;

/// What can be told about a rule.
///
/// @param id its name in findings, masks and configuration
/// @param description what it finds
/// @param group the family it belongs to; an action can be set for the whole family
/// @param optIn whether it works only where its group is asked for
/// @param action what it does unless told otherwise
/// @param source the file it stands in
/// @param line the line it starts at
public record RuleInfo(
    String id,
    String description,
    String group,
    boolean optIn,
    Action action,
    String source,
    int line) {}
