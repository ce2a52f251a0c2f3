package io.outrider.policy.compile;

import io.outrider.policy.types.Types;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import io.outrider.policy.value.Type.ObjectOf;
import io.outrider.policy.value.Type.Property;
import io.outrider.policy.value.Type.Scalar;
import io.outrider.policy.value.Type.Unknown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The types of the documents at and below one place. A place with a type of its own is a leaf,
/// whatever stands below it.
final class DocTypes {
  private final Map<RegoValue, DocTypes> children = new TreeMap<>();
  private Type type = Type.UNKNOWN;

  Type type() {
    return type;
  }

  boolean isLeaf() {
    return !(type instanceof Unknown);
  }

  @Nullable DocTypes child(RegoValue key) {
    return children.get(key);
  }

  Collection<RegoValue> keys() {
    return children.keySet();
  }

  Collection<DocTypes> children() {
    return children.values();
  }

  private DocTypes place(List<RegoValue> path) {
    DocTypes place = this;
    for (RegoValue key : path) {
      place = place.children.computeIfAbsent(key, k -> new DocTypes());
    }
    return place;
  }

  /// Makes a place known without saying what is there.
  void touch(List<RegoValue> path) {
    place(path);
  }

  /// Sets the type of a document.
  void put(List<RegoValue> path, Type newType) {
    place(path).type = newType;
  }

  /// Adds what one more rule contributes to a document.
  void add(List<RegoValue> path, Type part) {
    DocTypes place = place(path);
    place.type = Types.merge(place.type, part);
  }

  /// The type of everything here: what is known, and whatever else the base documents may hold.
  Type extent() {
    if (isLeaf()) {
      return type;
    }
    List<Property> properties = new ArrayList<>();
    children.forEach((key, child) -> {
      if (key instanceof RegoString || key instanceof RegoNumber || key instanceof RegoBoolean) {
        properties.add(new Property(key, child.extent()));
      }
    });
    return new ObjectOf(properties, Scalar.STRING, Type.ANY);
  }
}
