package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;

/// What the request object of `http.send` and `providers.aws.sign_req` may hold.
final class HttpRequests {
  private static final RegoSet REQUIRED = names("method", "url");
  private static final RegoSet ALLOWED =
      names(
          "method",
          "url",
          "body",
          "enable_redirect",
          "force_json_decode",
          "force_yaml_decode",
          "headers",
          "raw_body",
          "tls_use_system_certs",
          "tls_ca_cert",
          "tls_ca_cert_file",
          "tls_ca_cert_env_variable",
          "tls_client_cert",
          "tls_client_cert_file",
          "tls_client_cert_env_variable",
          "tls_client_key",
          "tls_client_key_file",
          "tls_client_key_env_variable",
          "tls_insecure_skip_verify",
          "tls_server_name",
          "timeout",
          "cache",
          "force_cache",
          "force_cache_duration_seconds",
          "raise_error",
          "caching_mode",
          "max_retry_attempts",
          "cache_ignored_headers");

  private HttpRequests() {}

  private static RegoSet names(String... names) {
    RegoSet.Builder set = RegoSet.builder(names.length);
    for (String name : names) {
      set.add(RegoString.of(name));
    }
    return set.build();
  }

  static void checkKeys(RegoObject request, int position) {
    RegoSet keys = request.keySet();
    RegoSet invalid = keys.minus(ALLOWED);
    if (!invalid.isEmpty()) {
      throw Args.operand(position, "invalid request parameters(s): " + invalid);
    }
    RegoSet missing = REQUIRED.minus(keys);
    if (!missing.isEmpty()) {
      throw Args.operand(position, "missing required request parameters(s): " + missing);
    }
  }
}
