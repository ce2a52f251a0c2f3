package io.outrider.redaction.check;

import java.util.Set;

/// The names of all [NationalId]s, in a class of their own: rules are read at every start, and to
/// ask the numbers themselves would load a class for each of them.
public final class NationalNames {
  /// As a rule writes them.
  public static final Set<String> ALL =
      Set.of(
          "us-ssn",
          "uk-nino",
          "de-tax-id",
          "fr-nir",
          "es-dni",
          "es-nie",
          "it-tax-code",
          "nl-bsn",
          "pl-pesel",
          "br-cpf",
          "in-aadhaar",
          "us-itin",
          "us-mbi",
          "ca-sin",
          "uk-nhs",
          "au-tfn",
          "au-abn",
          "au-medicare",
          "ch-ahv",
          "be-rrn",
          "se-pnr",
          "no-fnr",
          "dk-cpr",
          "fi-hetu",
          "ee-ik",
          "ro-cnp",
          "bg-egn",
          "cz-rc",
          "tr-tckn",
          "za-id",
          "cn-id",
          "kr-rrn",
          "tw-id",
          "sg-nric",
          "in-pan",
          "mx-curp",
          "cl-rut",
          "br-cnpj",
          "at-svnr",
          "ie-pps",
          "gr-amka");

  private NationalNames() {}
}
