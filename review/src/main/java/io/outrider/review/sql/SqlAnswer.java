package io.outrider.review.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a statement gave.
///
/// @param rows strings, longs, doubles, byte arrays or null
/// @param cut whether there was more than the limit
public record SqlAnswer(List<String> columns, List<List<@Nullable Object>> rows, boolean cut) {}
