package io.outrider.policy.compile;

import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.types.Types;
import io.outrider.policy.value.RegoValue;
import io.outrider.policy.value.Type;
import io.outrider.policy.value.Type.ArrayOf;
import io.outrider.policy.value.Type.ObjectOf;
import io.outrider.policy.value.Type.Property;
import io.outrider.policy.value.Type.Scalar;
import io.outrider.policy.value.Type.SetOf;
import io.outrider.policy.value.Type.Unknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of variables and documents at one point of a rule: layers, of which the innermost
/// that knows something answers.
final class TypeEnv {
  private final @Nullable TypeEnv outer;
  private final DocTypes input;
  private final DocTypes data;
  private final Map<Integer, Type> vars;

  private TypeEnv(@Nullable TypeEnv outer, DocTypes input, DocTypes data, Map<Integer, Type> vars) {
    this.outer = outer;
    this.input = input;
    this.data = data;
    this.vars = vars;
  }

  /// The outermost layer.
  static TypeEnv root() {
    return new TypeEnv(null, new DocTypes(), new DocTypes(), new HashMap<>());
  }

  /// A layer with variables of its own.
  TypeEnv inner() {
    return new TypeEnv(this, new DocTypes(), new DocTypes(), new HashMap<>());
  }

  /// A layer with documents of its own, for `with`; variables go to the layer around it.
  TypeEnv replacing() {
    return new TypeEnv(this, new DocTypes(), new DocTypes(), vars);
  }

  @Nullable TypeEnv outer() {
    return outer;
  }

  DocTypes input() {
    return input;
  }

  DocTypes data() {
    return data;
  }

  /// The documents of this layer from which a reference starts; null for one that starts from a
  /// term.
  @Nullable DocTypes documents(Root root) {
    return switch (root) {
      case Root.Input r -> input;
      case Root.Data r -> data;
      case Root.Of r -> null;
    };
  }

  Type var(LocalVar var) {
    for (TypeEnv env = this; env != null; env = env.outer) {
      Type type = env.vars.get(var.slot());
      if (type != null) {
        return type;
      }
    }
    return Type.UNKNOWN;
  }

  void setVar(LocalVar var, Type type) {
    if (!(type instanceof Unknown)) {
      vars.put(var.slot(), type);
    }
  }

  /// The type of a document; [Type#UNKNOWN] when there cannot be one.
  Type document(Root root, List<IrTerm> path) {
    TypeEnv env = this;
    while (env != null) {
      Type found = env.documentHere(root, path);
      if (found != null) {
        return found;
      }
      env = env.outer;
    }
    return Type.ANY;
  }

  private @Nullable Type documentHere(Root root, List<IrTerm> path) {
    DocTypes place = documents(root);
    if (place == null || (!place.isLeaf() && place.keys().isEmpty())) {
      return null;
    }
    for (int i = 0; i < path.size(); i++) {
      IrTerm key = path.get(i);
      DocTypes child = key instanceof Const c ? place.child(c.value()) : null;
      if (place.isLeaf()) {
        if (child == null) {
          return select(place.type(), path.subList(i, path.size()));
        }
      } else if (!(key instanceof Const)) {
        return select(place.extent(), path.subList(i, path.size()));
      } else if (child == null) {
        return null;
      }
      place = child;
    }
    return place.extent();
  }

  /// The type of what keys lead to, below a value of the given type.
  static Type select(Type type, List<IrTerm> path) {
    Type selected = type;
    for (IrTerm key : path) {
      if (selected instanceof Unknown) {
        return selected;
      }
      selected = isScalar(key) ? Types.select(selected, scalar(key)) : Types.values(selected);
    }
    return selected;
  }

  /// Whether a key picks one element, rather than any: composite keys are not looked into.
  static boolean isScalar(IrTerm key) {
    return key instanceof Const c
        && switch (c.value().type()) {
          case ARRAY, OBJECT, SET -> false;
          default -> true;
        };
  }

  static RegoValue scalar(IrTerm key) {
    return ((Const) key).value();
  }

  /// The type of a term. Comprehensions must have been checked before, see [TypeChecker].
  Type of(IrTerm term, Map<IrTerm.Compr, Type> comprehensions) {
    return switch (term) {
      case Const t -> Types.of(t.value());
      case Local t -> var(t.var());
      case IrTerm.Template t -> Scalar.STRING;
      case IrTerm.Compr t -> comprehensions.getOrDefault(t, Type.UNKNOWN);
      case IrTerm.Ref t ->
          t.root() instanceof Root.Of head
              ? select(headType(head.term(), comprehensions), t.path())
              : document(t.root(), t.path());
      case IrTerm.Arr t -> {
        List<Type> items = new ArrayList<>();
        t.items().forEach(item -> items.add(of(item, comprehensions)));
        yield Types.bounded(new ArrayOf(items, null));
      }
      case IrTerm.SetOf t -> {
        Type member = Type.UNKNOWN;
        for (IrTerm item : t.items()) {
          member = Types.or(member, of(item, comprehensions));
        }
        yield Types.bounded(new SetOf(member));
      }
      case IrTerm.Obj t -> object(t, comprehensions);
    };
  }

  private Type headType(IrTerm head, Map<IrTerm.Compr, Type> comprehensions) {
    return of(head, comprehensions);
  }

  private Type object(IrTerm.Obj object, Map<IrTerm.Compr, Type> comprehensions) {
    List<Property> properties = new ArrayList<>();
    Type otherKey = null;
    Type otherValue = null;
    for (IrTerm.Pair pair : object.pairs()) {
      Type value = of(pair.value(), comprehensions);
      if (pair.key() instanceof Const key) {
        properties.add(new Property(key.value(), value));
      } else {
        otherKey = of(pair.key(), comprehensions);
        otherValue = value;
      }
    }
    return Types.bounded(new ObjectOf(properties, otherKey, otherValue));
  }
}
