package io.outrider.redaction.check;

/// Check digits and dates, as the numbers of many states have them.
final class CheckDigits {
  private CheckDigits() {}

  /// The sum of the first digits, each times the weight that a digit of `weights` gives.
  static int weighted(byte[] n, int from, String weights) {
    int sum = 0;
    for (int i = 0; i < weights.length(); i++) {
      sum += (n[from + i] - '0') * (weights.charAt(i) - '0');
    }
    return sum;
  }

  /// The weighted sum modulo 11; the sign after `9` is the weight ten.
  static int modulo11(byte[] n, String weights) {
    return weighted(n, 0, weights) % 11;
  }

  static int digit(byte[] n, int at) {
    return n[at] - '0';
  }

  /// Luhn's test over the digits in `[from, to)`.
  static boolean luhn(byte[] n, int from, int to) {
    int sum = 0;
    for (int i = to - 1, turn = 0; i >= from; i--, turn++) {
      int digit = n[i] - '0';
      digit = turn % 2 == 1 ? digit * 2 : digit;
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
  }

  /// The remainder of a number modulo another.
  static int modulo(byte[] n, int from, int to, int divisor) {
    int rest = 0;
    for (int i = from; i < to; i++) {
      rest = (rest * 10 + n[i] - '0') % divisor;
    }
    return rest;
  }

  static boolean isDay(int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }

  static boolean allSame(byte[] n) {
    for (byte b : n) {
      if (b != n[0]) {
        return false;
      }
    }
    return true;
  }

  /// Estonia and Lithuania: first with the weights from one on, and, when that leaves ten, with
  /// those from three on.
  static boolean baltic(byte[] n) {
    int rest = weighted(n, 0, "1234567891") % 11;
    if (rest == 10) {
      rest = weighted(n, 0, "3456789123") % 11 % 10;
    }
    return rest == digit(n, 10);
  }

  /// For each pair of digits their product in the group of a pentagon's symmetries.
  private static final byte[] PRODUCTS = new byte[100];

  /// For each digit what becomes of it at a place, of which every eighth is alike.
  private static final byte[] PERMUTED = new byte[80];

  static {
    for (int digit = 0; digit < 10; digit++) {
      for (int other = 0; other < 10; other++) {
        int turned = digit < 5 ? digit + other % 5 : digit - other % 5 + 5;
        PRODUCTS[10 * digit + other] = (byte) (turned % 5 + (digit < 5 == other < 5 ? 0 : 5));
      }
      int permuted = digit;
      for (int place = 0; place < 8; place++) {
        PERMUTED[10 * place + digit] = (byte) permuted;
        permuted = "1576283094".charAt(permuted) - '0';
      }
    }
  }

  /// Verhoeff's test.
  static boolean verhoeff(byte[] n) {
    int product = 0;
    for (int i = 0; i < n.length; i++) {
      int permuted = PERMUTED[10 * (i % 8) + digit(n, n.length - 1 - i)];
      product = PRODUCTS[10 * product + permuted];
    }
    return product == 0;
  }
}
