package io.outrider.review.index;

/// A value of a field and how many calls or events have it.
public record Facet(String value, long count) {}
