package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Functions that look out of the engine: into the process and the names of the network. Off until
/// they are named.
final class Outside {
  /// The version of OPA whose language and functions this engine has.
  private static final String OPA_VERSION = "1.22.0";

  private Outside() {}

  private record Host(String name) {}

  static void register(Registry r) {
    r.any("opa.runtime", (cx, a) -> runtime());
    r.any("net.lookup_ip_addr", (cx, a) -> lookUp(cx, Args.string(a[0], 1)));
  }

  private static RegoValue runtime() {
    RegoObject.Builder env = RegoObject.builder();
    System.getenv().forEach(env::put);
    return RegoObject.builder()
        .put("env", env.build())
        .put("version", OPA_VERSION)
        .put("commit", "")
        .build();
  }

  private static RegoValue lookUp(BuiltinContext cx, String name) {
    return cx.remember(
        new Host(name),
        h -> {
          Address literal = Address.parse(name);
          if (literal != null) {
            return RegoSet.of(RegoString.of(literal.toString()));
          }
          try {
            RegoSet.Builder found = RegoSet.builder();
            for (InetAddress address : InetAddress.getAllByName(name)) {
              found.add(RegoString.of(Address.ofOctets(address.getAddress()).toString()));
            }
            return found.build();
          } catch (UnknownHostException e) {
            throw Args.error("lookup " + name + ": no such host");
          }
        });
  }
}
