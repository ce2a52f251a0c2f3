package io.outrider.app.config;

import io.outrider.audit.format.CosignerKey;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.settings.AnchorSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the settings of `audit.anchors`.
final class AnchorAssembly {
  private final YamlReader reader;

  AnchorAssembly(YamlReader reader) {
    this.reader = reader;
  }

  AnchorSettings anchors(Section section) {
    List<TlogPolicy.Witness> witnesses = witnesses(section.get(AnchorTable.WITNESSES));
    int quorum = section.find(AnchorTable.QUORUM).orElse(witnesses.size());
    if (quorum > witnesses.size() && !section.broken()) {
      reader.problem(
          section.at(AnchorTable.QUORUM),
          section.path() + ".quorum",
          Integer.toString(quorum),
          "at most " + witnesses.size() + ", as many as there are witnesses");
      quorum = witnesses.size();
    }
    Section stamps = section.section(AnchorTable.TIMESTAMPS);
    List<AnchorSettings.Authority> authorities = authorities(stamps.get(AnchorTable.AUTHORITIES));
    int needed = quorum;
    return reader
        .attempt(
            section.at(),
            section.path(),
            () ->
                new AnchorSettings(
                    TlogPolicy.of(witnesses, needed),
                    section.get(AnchorTable.INTERVAL),
                    authorities,
                    stamps.get(AnchorTable.STAMP_INTERVAL)))
        .orElse(AnchorSettings.NONE);
  }

  private List<TlogPolicy.Witness> witnesses(Map<String, Section> named) {
    List<TlogPolicy.Witness> witnesses = new ArrayList<>();
    named.forEach((name, section) -> {
      Optional<URI> url = reader.required(section, AnchorTable.WITNESS_URL);
      Optional<CosignerKey> key =
          reader
              .required(section, AnchorTable.VKEY)
              .flatMap(text ->
                  reader.attempt(
                      section.at(AnchorTable.VKEY),
                      section.path() + ".vkey",
                      () -> CosignerKey.parse(text)));
      if (url.isEmpty() || key.isEmpty()) {
        return;
      }
      if (witnesses.stream().anyMatch(other -> other.key().sameKey(key.get()))) {
        reader.problem(
            section.at(AnchorTable.VKEY), section.path() + ".vkey", "the same key again", "once");
        return;
      }
      witnesses.add(new TlogPolicy.Witness(name, key.get(), Optional.of(url.get().toString())));
    });
    return witnesses;
  }

  private List<AnchorSettings.Authority> authorities(Map<String, Section> named) {
    List<AnchorSettings.Authority> authorities = new ArrayList<>();
    named.forEach((name, section) -> {
      Optional<URI> url = reader.required(section, AnchorTable.AUTHORITY_URL);
      Optional<Path> ca = reader.required(section, AnchorTable.AUTHORITY_CA);
      if (url.isPresent() && ca.isPresent()) {
        reader
            .attempt(
                section.at(),
                section.path(),
                () -> new AnchorSettings.Authority(name, url.get(), ca.get()))
            .ifPresent(authorities::add);
      }
    });
    return authorities;
  }
}
