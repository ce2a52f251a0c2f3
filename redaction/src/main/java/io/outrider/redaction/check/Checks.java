package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The tests a rule may name in `validate`.
public final class Checks {
  private static final Map<String, Check> BY_NAME = new HashMap<>();

  static {
    for (Named check : Named.values()) {
      if (check != Named.ANYTHING) {
        BY_NAME.put(check.name().toLowerCase(Locale.ROOT).replace('_', '-'), check);
      }
    }
  }

  /// All of them in one class: they are named at every start, where a method reference each would
  /// cost more than reading the rules.
  private enum Named implements Check {
    ANYTHING,
    VALUE,
    TOKEN,
    NAMED_TOKEN,
    PASSWORD,
    QUOTED_PASSWORD,
    BASIC,
    BEARER_OR_TOKEN,
    RANDOM,
    SETTING,
    QUERY,
    JWT,
    PEM,
    AWS_KEY_ID,
    MIXED,
    APART,
    GENERIC,
    ASSIGNED_TOKEN,
    VENDOR_KEY,
    SIGNED_SECRET,
    DENSE,
    ARGUMENT,
    OPTION,
    PROSE_PASSWORD,
    PROSE_TOKEN,
    CALL_PASSWORD,
    SHORT_NAME,
    STARK_PASSWORD,
    TOLD_PASSWORD,
    TOLD_TOKEN,
    JWK,
    RANDOM_START;

    @Override
    public boolean mayAccept(byte[] text, int start, int stop) {
      return this != RANDOM_START || isRandomStart(text, start, stop);
    }

    @Override
    public boolean accepts(byte[] text, int begin, int end, int start, int stop) {
      return switch (this) {
        case ANYTHING -> true;
        case VALUE -> isValue(text, start, stop);
        case TOKEN -> isTokenLike(text, begin, end, start, stop);
        case NAMED_TOKEN -> isNamedToken(text, begin, end, start, stop);
        case PASSWORD -> isPasswordInText(text, begin, end, start, stop);
        case QUOTED_PASSWORD -> isQuotedPassword(text, begin, end, start, stop);
        case BASIC -> isBasicCredentials(text, start, stop);
        case BEARER_OR_TOKEN -> isBearerOrToken(text, begin, end, start, stop);
        case RANDOM -> isRandom(text, begin, end, start, stop);
        case SETTING -> isSetting(text, begin, end, start, stop);
        case QUERY -> isSecretParameter(text, begin, end, start, stop);
        case JWT -> isJwt(text, start, stop);
        case PEM -> isPem(text, start, stop);
        case AWS_KEY_ID -> isAwsKeyId(text, start, stop);
        case MIXED -> isMixed(text, start, stop);
        case APART -> isApart(text, begin, end, start, stop);
        case GENERIC -> isGeneric(text, begin, end, start, stop);
        case ASSIGNED_TOKEN -> isAssignedToken(text, begin, end, start, stop);
        case VENDOR_KEY -> Vendors.isKey(text, begin, end, start, stop);
        case SIGNED_SECRET -> LooseChecks.isSignedSecret(text, begin, end, start, stop);
        case DENSE -> Vendors.isDenseValue(text, begin, end, start, stop);
        case ARGUMENT -> LooseChecks.isArgument(text, begin, end, start, stop);
        case OPTION -> isOption(text, begin, end, start, stop);
        case PROSE_TOKEN -> LooseChecks.isProseToken(text, begin, end, start, stop);
        case PROSE_PASSWORD -> LooseChecks.isProsePassword(text, begin, end, start, stop);
        case CALL_PASSWORD -> LooseChecks.isCallPassword(text, begin, end, start, stop);
        case SHORT_NAME -> LooseChecks.isShortNamed(text, begin, end, start, stop);
        case STARK_PASSWORD -> LooseChecks.isStarkPassword(text, begin, end, start, stop);
        case TOLD_PASSWORD -> LooseChecks.isToldPassword(text, begin, end, start, stop);
        case TOLD_TOKEN -> LooseChecks.isToldToken(text, begin, end, start, stop);
        case RANDOM_START -> isRandomStart(text, start, stop);
        case JWK -> LooseChecks.isJwkMember(text, begin, end, start, stop);
      };
    }
  }

  /// What may stand before a name in a settings file.
  private static final List<String> SETTING_WORDS =
      List.of("export ", "set ", "ENV ", "ARG ", "- ", "-e ");

  private static final List<String> SECRET_PARAMETER =
      List.of(
          "token",
          "secret",
          "password",
          "passwd",
          "pwd",
          "signature",
          "credential",
          "_key",
          "-key",
          "apikey",
          "accesskey");

  private static final List<String> PAGING =
      List.of("page", "next", "continu", "cursor", "sync", "csrf", "xsrf", "public");

  /// Parts of names that stand for texts about passwords.
  private static final List<String> FORM_WORDS =
      List.of(
          "forgot",
          "reset",
          "change",
          "show",
          "hide",
          "invalid",
          "wrong",
          "lost",
          "enter",
          "policy",
          "hint",
          "label",
          "placeholder",
          "message",
          "error",
          "rate",
          "count",
          "lastused",
          "description");

  /// Ends of names that say something about a password.
  private static final List<String> NOT_ITSELF =
      List.of(
          "encryption",
          "mgr",
          "manager",
          "file",
          "path",
          "length",
          "policy",
          "timeout",
          "prompt",
          "label",
          "hint",
          "url",
          "expiry",
          "expires",
          "attempts",
          "algorithm",
          "mode",
          "type",
          "stores",
          "store",
          "required",
          "enabled",
          "history",
          "complexity",
          "changed",
          "reset",
          "id",
          "build",
          "image",
          "version",
          "revision");

  /// Parts of names whose values are random and no secret.
  private static final List<String> PUBLIC_NAMES =
      List.of(
          "pub",
          "thumb",
          "finger",
          "digest",
          "hash",
          "checksum",
          "sum",
          "cache",
          "etag",
          "keyid",
          "sha",
          "page",
          "next",
          "continu",
          "cursor",
          "sync",
          "csrf",
          "xsrf",
          "certificate",
          "nonce",
          "author",
          "integrity",
          "revision",
          "version",
          "path",
          "file",
          "url",
          "uri");

  private static final int MAX_NAME = 64;

  /// So many characters tell a word from a random value.
  private static final int WORD_START = 8;

  /// So much of a key tells whether it is one.
  private static final int MAX_BODY = 400;

  /// `"alg"` and its like as numbers, as the header of a token is read letter by letter.
  private static final long ALG = 0x22_61_6c_67_22L;

  private static final long TYP = 0x22_74_79_70_22L;
  private static final long KID = 0x22_6b_69_64_22L;
  private static final long ENC = 0x22_65_6e_63_22L;

  private Checks() {}

  /// The names of all tests.
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /// The test with a name out of [#names()], or one that accepts everything when the name is empty.
  public static Check named(String name) {
    if (name.isEmpty()) {
      return Named.ANYTHING;
    }
    Check check = BY_NAME.get(name);
    if (check == null) {
      throw new IllegalArgumentException("check: " + name + " (expected: one of " + names() + ")");
    }
    return check;
  }

  /// What does not begin as words, paths, numbers and names of variables do: tells early that a
  /// long run is no random key. Of keys drawn at random from base 64 one in three hundred begins
  /// so.
  private static boolean isRandomStart(byte[] text, int start, int stop) {
    if (stop - start < WORD_START) {
      return true;
    }
    int lower = 0;
    int upper = 0;
    int hex = 0;
    int signs = 0;
    for (int i = start; i < start + WORD_START; i++) {
      byte b = text[i];
      boolean small = b >= 'a' && b <= 'z';
      boolean digit = Bytes.isDigit(b);
      lower += small ? 1 : 0;
      upper += b >= 'A' && b <= 'Z' ? 1 : 0;
      hex += digit || (small && b <= 'f') ? 1 : 0;
      signs += small || digit || Bytes.isLetter(b) ? 0 : 1;
    }
    boolean capital = text[start] >= 'A' && text[start] <= 'Z' && lower == WORD_START - 1;
    return lower + signs < WORD_START
        && upper + signs < WORD_START
        && hex + signs < WORD_START
        && !capital;
  }

  /// Anything but a placeholder, and the version of a package whose name tells of passwords.
  private static boolean isValue(byte[] text, int start, int stop) {
    return !Placeholders.is(text, start, stop) && !isVersion(text, start, stop);
  }

  /// `^1.0.2`
  private static boolean isVersion(byte[] text, int start, int stop) {
    int dots = 0;
    int from = stop - start > 1 && "^~=v".indexOf(text[start]) >= 0 ? start + 1 : start;
    for (int i = from; i < stop; i++) {
      if (text[i] == '.') {
        dots++;
      } else if (!Bytes.isDigit(text[i])) {
        return false;
      }
    }
    return dots == 2 && Bytes.isDigit(text[from]) && stop - start <= 12;
  }

  /// A value without spaces that has digits and letters: what keys and tokens look like, and words
  /// do not.
  static boolean isTokenLike(byte[] text, int begin, int end, int start, int stop) {
    return stop - start >= 8
        && isMixed(text, start, stop)
        && !isWordy(text, start, stop)
        && !Placeholders.is(text, start, stop)
        && !References.is(text, start, stop);
  }

  /// A token under a name that does not say that it pages through a list.
  private static boolean isNamedToken(byte[] text, int begin, int end, int start, int stop) {
    String name = nameBefore(text, begin, start);
    return isTokenLike(text, begin, end, start, stop)
        && !name.endsWith("locktoken")
        && !name.endsWith("actiontoken")
        && !Vendors.isCamelName(text, start, stop)
        && (name.isEmpty() || PAGING.stream().noneMatch(name::contains));
  }

  /// `client-valid-token-1`, `oauth2.Credentials`: words that signs join, and at most two digits.
  private static boolean isWordy(byte[] text, int start, int stop) {
    int words = 0;
    int digits = 0;
    int run = 0;
    for (int i = start; i <= stop; i++) {
      if (i == stop || text[i] == '-' || text[i] == '_' || text[i] == '.') {
        words += run >= 3 ? 1 : 0;
        if (run > 0 && run < 3) {
          return false;
        }
        run = 0;
      } else if ((text[i] >= 'a' && text[i] <= 'z') || (run == 0 && isUpper(text[i]))) {
        run++;
      } else if (!Bytes.isDigit(text[i]) || ++digits > 2) {
        return false;
      }
    }
    return words >= 2;
  }

  private static boolean isUpper(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  /// Letters and digits both, no white space, and no call or reference as source code has.
  private static boolean isMixed(byte[] text, int start, int stop) {
    boolean letter = false;
    boolean digit = false;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b <= ' ' && b >= 0 || b == '(' || b == ')') {
        return false;
      }
      letter |= Bytes.isLetter(b);
      digit |= Bytes.isDigit(b);
    }
    return letter && digit;
  }

  /// A password after `name=` without quotes: a value, and not the source code that fetches one.
  private static boolean isPasswordInText(byte[] text, int begin, int end, int start, int stop) {
    int last = trimmed(text, start, stop);
    String name = nameBefore(text, begin, start);
    if (isNotItself(name)
        || text[start] == '/'
        || (name.equals("pass") && Verdicts.is(text, begin, end, start, last))
        || (isPartOfOther(text, begin, start)
            && !LooseChecks.isStarkPassword(text, begin, end, start, last))) {
      return false;
    }
    if (Placeholders.is(text, start, last)
        || last - start < 4
        || References.is(text, start, last)) {
      return false;
    }
    if (stop < end && text[stop] == '(' || text[start] == '\\') {
      return false;
    }
    if (isNameOfPassword(text, start, last)
        || isArgumentName(text, start, last)
        || isVariable(text, begin, end, start, stop)
        || LooseChecks.isAlias(text, begin, start, last)) {
      return false;
    }
    boolean special = false;
    boolean dotted = false;
    boolean lower = false;
    for (int i = start; i < last; i++) {
      byte b = text[i];
      if (b == '(' || b == ')' || b == '[' || b == '{' || (b == '>' && text[i - 1] == '-')) {
        return false;
      }
      dotted |=
          b == '.'
              && i > start
              && i + 1 < last
              && Bytes.isLetter(text[i - 1])
              && (Bytes.isLetter(text[i + 1]) || text[i + 1] == '_');
      special |= b > ' ' && !Bytes.isLetter(b) && "._-:/".indexOf(b) < 0;
      lower |= b >= 'a' && b <= 'z';
    }
    if (isNumber(text, start, last) || isOwnName(text, begin, start, last)) {
      return false;
    }
    // `config.password`, `newPassword` and `PASSWORD` are references; `hunter2` and `p@ss` are not.
    boolean tight =
        start > begin && text[start - 1] == '=' && start - 2 >= begin && text[start - 2] != ' ';
    boolean argument = last < stop && text[last] == ')';
    return special || (tight && lower && !dotted && !argument && !name.equals("pass"));
  }

  /// `Password: password16,`: a member of an object, and what it is set from.
  private static boolean isVariable(byte[] text, int begin, int end, int start, int stop) {
    if (stop == end || text[stop] != ',' || start == begin || text[start - 1] != ' ') {
      return false;
    }
    for (int i = start; i < stop; i++) {
      if (!Bytes.isWord(text[i])) {
        return false;
      }
    }
    return text[start] == 'p'
        && text[start + 1] == 'a'
        && text[start + 2] == 's'
        && text[start + 3] == 's';
  }

  /// A password given to an option of a command: a word that begins with a hyphen, and is none that
  /// pages through a list or counts tokens.
  private static boolean isOption(byte[] text, int begin, int end, int start, int stop) {
    int stopName = start;
    while (stopName > begin && "= \t\n\"',".indexOf(text[stopName - 1]) >= 0) {
      stopName--;
    }
    int at = stopName;
    while (at > begin && stopName - at < MAX_NAME && Bytes.isToken(text[at - 1])) {
      at--;
    }
    if (text[at] != '-'
        || (at > begin && text[at - 1] > ' ' && !isQuote(text, at - 1, begin, end))) {
      return false;
    }
    String name =
        new String(text, at, stopName - at, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    return !name.contains("max")
        && !name.contains("start")
        && PAGING.stream().noneMatch(name::contains)
        && isPasswordInText(text, begin, end, start, stop);
  }

  /// `ldap_pass=ldappass`: an argument that has the name of what it is given to. A name in capitals
  /// is that of a setting, whose value this may well be.
  private static boolean isOwnName(byte[] text, int begin, int start, int stop) {
    if (start == begin || text[start - 1] != '=') {
      return false;
    }
    int name = start - 2;
    int value = stop - 1;
    boolean small = false;
    while (name >= begin && Bytes.isToken(text[name])) {
      if (!Bytes.isAlphanumeric(text[name])) {
        name--;
      } else if (value >= start && !Bytes.isAlphanumeric(text[value])) {
        value--;
      } else if (value < start || (text[name] | 0x20) != (text[value] | 0x20)) {
        return false;
      } else {
        small |= text[name] >= 'a' && text[name] <= 'z';
        name--;
        value--;
      }
    }
    return small && value < start;
  }

  /// Whether a name says something about a password.
  static boolean isNotItself(String name) {
    return NOT_ITSELF.stream().anyMatch(name::endsWith);
  }

  /// The end without the punctuation of the sentence or the code around it.
  private static int trimmed(byte[] text, int start, int stop) {
    int last = stop;
    while (last > start && (",.?)".indexOf(text[last - 1]) >= 0 || text[last - 1] < 0)) {
      last--;
    }
    return last;
  }

  /// Whether what stands before a value is the inside of `${NAME:...}`, or an image `name:tag`.
  private static boolean isPartOfOther(byte[] text, int begin, int start) {
    if (start <= begin || text[start - 1] != ':') {
      return false;
    }
    int at = start - 1;
    while (at > begin && start - at < MAX_NAME && Bytes.isToken(text[at - 1])) {
      at--;
    }
    return at > begin && (text[at - 1] == '{' || text[at - 1] == '/');
  }

  /// `0x02`: a constant of a program.
  private static boolean isNumber(byte[] text, int start, int stop) {
    return stop - start > 2
        && stop - start <= 10
        && text[start] == '0'
        && (text[start + 1] | 0x20) == 'x'
        && isHex(text, start + 2, stop);
  }

  private static boolean isQuotedPassword(byte[] text, int begin, int end, int start, int stop) {
    if (Placeholders.is(text, start, stop)
        || stop - start < 3
        || References.is(text, start, stop)
        || isDefineWord(text, start, stop)) {
      return false;
    }
    if ("+,)&".indexOf(text[start]) >= 0
        || text[stop - 1] == ' '
        || (text[stop - 1] == ':' && isJoined(text, stop, end))
        || (text[start] == '.' && text[start + 1] == '$')) {
      // Between two literals of source code, rather than in one, or the beginning of a longer one.
      return false;
    }
    if (isPath(text, start, stop)
        || (text[start] == '#' && isLetters(text, start + 1, stop))
        || (text[start] == '-' && text[start + 1] == '-')
        || isArgumentName(text, start, stop)
        || isVariable(text, start, stop)) {
      return false;
    }
    if (isQuote(text, start - 1, begin, end)
        && isQuote(text, stop, begin, end)
        && text[start - 1] != text[stop]) {
      return false;
    }
    int spaces = 0;
    boolean digit = false;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b == '\n'
          || (b == '{' && Placeholders.isNested(text, start, stop))
          || (b == ' ' && i + 1 < stop && text[i + 1] == ' ')) {
        return false;
      }
      if (b == '%' && i + 1 < stop && (text[i + 1] == 's' || text[i + 1] == 'd')) {
        return false;
      }
      spaces += b == ' ' ? 1 : 0;
      digit |= Bytes.isDigit(b);
    }
    if (start > begin && text[start - 1] == '`' && (spaces > 0 || stop - start < 6)) {
      // What a shell runs.
      return false;
    }
    // A sentence about passwords; a pass phrase is found under its own name.
    String name = nameBefore(text, begin, start);
    if (isNameOfPassword(text, start, stop)
        || (!digit && isCompared(text, begin, start) && isLetters(text, start, stop))) {
      return false;
    }
    if (FORM_WORDS.stream().anyMatch(name::contains) || (digit && text[stop - 1] == '%')) {
      return false;
    }
    return spaces < 2
        || (digit && spaces < 4 && !isAbout(text, start, stop))
        || name.contains("phrase");
  }

  /// `Private key password 1`
  private static boolean isAbout(byte[] text, int start, int stop) {
    return new String(text, start, stop - start, StandardCharsets.ISO_8859_1).contains(" password");
  }

  /// Whether a literal that ends here is joined with what follows it.
  private static boolean isJoined(byte[] text, int stop, int end) {
    int at = stop + 1;
    while (at < end && at - stop < 4 && text[at] == ' ') {
      at++;
    }
    return at < end && (text[at] == '+' || text[at] == '.');
  }

  /// `/en/server/auth`
  private static boolean isPath(byte[] text, int start, int stop) {
    int slashes = 0;
    int digits = 0;
    for (int i = start; i < stop; i++) {
      slashes += text[i] == '/' ? 1 : 0;
      digits += Bytes.isDigit(text[i]) ? 1 : 0;
    }
    return text[start] == '/' && slashes >= 2 && digits <= 3;
  }

  /// `PROXY_PASSWORD`, `PASSWORD_AUTH`: a constant or a variable of the environment.
  private static boolean isVariable(byte[] text, int start, int stop) {
    for (int i = start; i < stop; i++) {
      if (!isUpper(text[i]) && text[i] != '_') {
        return false;
      }
    }
    String name = new String(text, start, stop - start, StandardCharsets.ISO_8859_1);
    return name.contains("_PASS") || name.contains("_PWD") || name.contains("PASSWORD_");
  }

  /// `challengePassword`: what a program calls a password.
  private static boolean isNameOfPassword(byte[] text, int start, int stop) {
    int tail = stop - "Password".length();
    boolean name = tail > start && starts(text, tail, stop, "Password");
    for (int i = start; i < tail && name; i++) {
      name = (text[i] >= 'a' && text[i] <= 'z') || (i == start && isUpper(text[i]));
    }
    return name;
  }

  /// Whether a value in quotes stands behind `==`.
  private static boolean isCompared(byte[] text, int begin, int start) {
    int at = start - 1;
    while (at > begin && start - at < 8 && "=|?r".indexOf(text[at]) < 0) {
      at--;
    }
    return at > begin
        && (text[at] == 'r'
            ? text[at - 1] == 'o' && at - 1 > begin && text[at - 2] == ' '
            : text[at - 1] == text[at]);
  }

  private static boolean isLetters(byte[] text, int start, int stop) {
    for (int i = start; i < stop; i++) {
      if (!Bytes.isLetter(text[i]) && text[i] != '_' && text[i] != '-') {
        return false;
      }
    }
    return true;
  }

  /// `key_password`, which an argument of that name is given.
  private static boolean isArgumentName(byte[] text, int start, int stop) {
    int tail = stop - "_password".length();
    boolean name = tail > start && starts(text, tail, stop, "_password");
    for (int i = start; i < tail && name; i++) {
      name = (text[i] >= 'a' && text[i] <= 'z') || text[i] == '_';
    }
    return name;
  }

  private static boolean isQuote(byte[] text, int at, int begin, int end) {
    return at >= begin && at < end && "\"'`".indexOf(text[at]) >= 0;
  }

  /// What `configure` writes for what a system has.
  private static boolean isDefineWord(byte[] text, int start, int stop) {
    String word = new String(text, start, Math.min(stop - start, 8), StandardCharsets.ISO_8859_1);
    return word.equals("define") || word.equals("undef");
  }

  /// The name that a value is assigned to, in lower case without separators; empty if none can be
  /// made out.
  static String nameBefore(byte[] text, int begin, int start) {
    int at = start;
    int limit = Math.max(begin, start - MAX_NAME);
    while (at > limit && !Bytes.isToken(text[at - 1])) {
      at--;
    }
    int stop = at;
    while (at > limit && (Bytes.isToken(text[at - 1]) || text[at - 1] == '.')) {
      at--;
    }
    var name = new StringBuilder();
    for (int i = at; i < stop; i++) {
      if (Bytes.isAlphanumeric(text[i])) {
        name.append((char) (text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]));
      }
    }
    return name.toString();
  }

  /// Base 64 of `user:password`.
  private static boolean isBasicCredentials(byte[] text, int start, int stop) {
    String decoded = decode(text, start, stop);
    int colon = decoded.indexOf(':');
    return colon >= 0 && decoded.chars().allMatch(c -> c >= ' ' && c != 0x7f);
  }

  /// A token, with or without the scheme that a header puts before it.
  private static boolean isBearerOrToken(byte[] text, int begin, int end, int start, int stop) {
    int space = start;
    while (space < stop && text[space] != ' ' && space - start < 16) {
      space++;
    }
    boolean scheme = space < stop && text[space] == ' ' && space > start;
    return isTokenLike(text, begin, end, scheme ? space + 1 : start, stop);
  }

  /// A token that a line assigns to a name, with nothing before the name but what settings files
  /// have there.
  private static boolean isSetting(byte[] text, int begin, int end, int start, int stop) {
    if (!isTokenLike(text, begin, end, start, stop)) {
      return false;
    }
    int line = start;
    while (line > begin && text[line - 1] != '\n' && text[line - 1] != '"' && start - line < 120) {
      line--;
    }
    int at = line;
    while (at < start && (text[at] == ' ' || text[at] == '\t')) {
      at++;
    }
    for (String word : SETTING_WORDS) {
      if (starts(text, at, start, word)) {
        at += word.length();
        break;
      }
    }
    while (at < start && (Bytes.isToken(text[at]) || text[at] == '.')) {
      at++;
    }
    while (at < start
        && (text[at] == ' ' || text[at] == '=' || text[at] == ':' || text[at] == '\t')) {
      at++;
    }
    return at == start;
  }

  /// A token that is the value of a parameter in a query string, under a name that tells a secret.
  private static boolean isSecretParameter(byte[] text, int begin, int end, int start, int stop) {
    int equals = start - 1;
    int at = equals;
    while (at > begin && equals - at < 48 && (Bytes.isToken(text[at - 1]) || text[at - 1] == '.')) {
      at--;
    }
    if (at == begin || (text[at - 1] != '?' && text[at - 1] != '&' && text[at - 1] != ';')) {
      return false;
    }
    String name =
        new String(text, at, equals - at, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    boolean secret =
        name.equals("key")
            || name.equals("sig")
            || name.equals("auth")
            || SECRET_PARAMETER.stream().anyMatch(name::endsWith);
    return secret
        && PAGING.stream().noneMatch(name::contains)
        && isTokenLike(text, begin, end, start, stop);
  }

  /// Not a piece of a longer run of base 64.
  private static boolean isApart(byte[] text, int begin, int end, int start, int stop) {
    return !(start > begin && "+/".indexOf(text[start - 1]) >= 0)
        && !(stop < end && "+/".indexOf(text[stop]) >= 0);
  }

  /// Random, under a name that is not one of public things, and not the name of a member in source
  /// code.
  private static boolean isGeneric(byte[] text, int begin, int end, int start, int stop) {
    if (!LooseChecks.isToldToken(text, begin, end, start, stop)
        || isHex(text, lastPart(text, start, stop), stop)
        || (stop < end && text[stop] == '(')) {
      return false;
    }
    boolean derPublicKey = text[start] == 'M' && text[start + 1] == 'F' && text[start + 2] == 'k';
    String name = nameBefore(text, begin, start);
    return !derPublicKey
        && PUBLIC_NAMES.stream().noneMatch(name::contains)
        && !isMemberName(text, start, stop)
        && !hasWord(text, start, stop);
  }

  /// `user-cache-6d709040`: a word of small letters among parts that signs join.
  private static boolean hasWord(byte[] text, int start, int stop) {
    int run = 0;
    boolean parted = false;
    boolean word = false;
    for (int i = start; i <= stop; i++) {
      if (i < stop && text[i] >= 'a' && text[i] <= 'z') {
        run = run < 0 ? run : run + 1;
      } else if (i == stop || "-_./=".indexOf(text[i]) >= 0) {
        parted |= i < stop;
        word |= run >= 4;
        run = 0;
      } else {
        run = -1;
      }
    }
    return parted && word;
  }

  /// Where a hash begins that words and hyphens stand before, as in `linux-npm-` and a hash; the
  /// beginning if nothing does.
  private static int lastPart(byte[] text, int start, int stop) {
    int part = start;
    for (int i = start; i < stop; i++) {
      part = text[i] == '-' ? i + 1 : part;
    }
    return stop - part >= 32 ? part : start;
  }

  static boolean isHex(byte[] text, int start, int stop) {
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (!(Bytes.isDigit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F'))) {
        return false;
      }
    }
    return true;
  }

  /// `util_1.encoding.base64Encode`: names joined by dots.
  static boolean isMemberName(byte[] text, int start, int stop) {
    boolean dot = false;
    boolean begins = true;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (b == '.') {
        dot = true;
        begins = true;
      } else if (begins && !(Bytes.isLetter(b) || b == '_')
          || !(Bytes.isAlphanumeric(b) || b == '_')) {
        return false;
      } else {
        begins = false;
      }
    }
    return dot;
  }

  /// A random token after `name=` whose name does not say that it only pages through a list.
  private static boolean isAssignedToken(byte[] text, int begin, int end, int start, int stop) {
    String name = nameBefore(text, begin, start);
    return PAGING.stream().noneMatch(name::contains)
        && LooseChecks.isToldToken(text, begin, end, start, stop)
        && !References.is(text, start, stop);
  }

  private static boolean starts(byte[] text, int at, int stop, String word) {
    if (stop - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (text[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Letters and digits in no order that a person or a hash would give: not all hexadecimal, not a
  /// UUID, not words parted by signs.
  static boolean isRandom(byte[] text, int begin, int end, int start, int stop) {
    if (!isTokenLike(text, begin, end, start, stop)) {
      return false;
    }
    boolean hex = true;
    boolean upper = false;
    boolean lower = false;
    int digits = 0;
    int turns = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      hex &= Bytes.isDigit(b) || b == '-' || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
      upper |= b >= 'A' && b <= 'Z';
      lower |= b >= 'a' && b <= 'z';
      digits += Bytes.isDigit(b) ? 1 : 0;
      turns += i > start && Bytes.isDigit(b) != Bytes.isDigit(text[i - 1]) ? 1 : 0;
    }
    return !hex && digits >= 2 && turns >= 4 && (upper || lower);
  }

  /// Three parts (or five), the first of which is a JSON object that names an algorithm.
  private static boolean isJwt(byte[] text, int start, int stop) {
    int dot = start;
    while (dot < stop && text[dot] != '.') {
      dot++;
    }
    int close = dot;
    while (close > start && dot - close < 2 && text[close - 1] == '=') {
      close--;
    }
    if (close < dot && (dot - start & 3) != 0) {
      return false;
    }
    // Letter by letter, and no array of them: there may be thousands of these in a text.
    long last = 0;
    int bits = 0;
    int letters = 0;
    boolean named = false;
    for (int i = start; i < close; i++) {
      int sextet = sextet(text[i]);
      if (sextet < 0) {
        return false;
      }
      bits = bits << 6 | sextet;
      if ((i - start & 3) > 0) {
        int shift = 6 - 2 * (i - start & 3);
        last = last << 8 | (bits >>> shift & 0xff);
        letters++;
        if (letters == 1 && last != '{') {
          return false;
        }
        long name = last & 0xff_ffff_ffffL;
        named |= name == ALG || name == TYP || name == KID || name == ENC;
      }
    }
    return named && (close - start & 3) != 1;
  }

  private static int sextet(byte b) {
    if (b >= 'A' && b <= 'Z') {
      return b - 'A';
    }
    if (b >= 'a' && b <= 'z') {
      return b - 'a' + 26;
    }
    if (Bytes.isDigit(b)) {
      return b - '0' + 52;
    }
    return b == '-' ? 62 : b == '_' ? 63 : -1;
  }

  private static String decode(byte[] text, int start, int stop) {
    try {
      byte[] part = new byte[stop - start];
      System.arraycopy(text, start, part, 0, part.length);
      return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /// A body long enough for a key, of characters as mixed as those of a key: a bare header in
  /// source code is none, and neither is a body of words.
  private static boolean isPem(byte[] text, int start, int stop) {
    int from = start;
    int dashes = 0;
    while (from < stop && dashes < 10) {
      dashes += text[from] == '-' ? 1 : 0;
      from++;
    }
    byte[] body = new byte[MAX_BODY];
    int n = 0;
    // A single hyphen stands in the lines above the body, such as `Proc-Type: 4,ENCRYPTED`.
    for (int i = from;
        i < stop && n < body.length && !(text[i] == '-' && i + 1 < stop && text[i + 1] == '-');
        i++) {
      if (Bytes.isAlphanumeric(text[i]) || text[i] == '+' || text[i] == '/') {
        body[n++] = text[i];
      }
    }
    return n >= 60 && new Entropy().of(body, 0, n) >= 4;
  }

  /// The characters after the prefix are base 32 and hold an account number of at most twelve
  /// digits.
  private static boolean isAwsKeyId(byte[] text, int start, int stop) {
    if (stop - start != 20) {
      return true;
    }
    long bits = 0;
    for (int i = start + 4; i < start + 14; i++) {
      byte b = text[i];
      int digit = b >= 'A' && b <= 'Z' ? b - 'A' : b >= '2' && b <= '7' ? b - '2' + 26 : -1;
      if (digit < 0) {
        return true;
      }
      bits = bits << 5 | digit;
    }
    long account = (bits >>> 2 & 0x7fffffffff80L) >>> 7;
    return account <= 999_999_999_999L;
  }
}
