package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;

/// Keys of a leaf, quoted and ready to copy.
final class Keys {
  private Keys() {}

  static final byte[] BOOT = key("boot");
  static final byte[] CALL = key("call");
  static final byte[] CFG = key("cfg");
  static final byte[] CLI = key("cli");
  static final byte[] DEF = key("def");
  static final byte[] DETAIL = key("detail");
  static final byte[] ERA = key("era");
  static final byte[] ERR = key("err");
  static final byte[] EV = key("ev");
  static final byte[] F = key("f");
  static final byte[] I = key("i");
  static final byte[] IN = key("in");
  static final byte[] K = key("k");
  static final byte[] LABELS = key("labels");
  static final byte[] M = key("m");
  static final byte[] METH = key("meth");
  static final byte[] NS = key("ns");
  static final byte[] OBL = key("obl");
  static final byte[] OUT = key("out");
  static final byte[] POL = key("pol");
  static final byte[] RED = key("red");
  static final byte[] RES = key("res");
  static final byte[] REV = key("rev");
  static final byte[] RID = key("rid");
  static final byte[] RULES = key("rules");
  static final byte[] SID = key("sid");
  static final byte[] SRC = key("src");
  static final byte[] SUB = key("sub");
  static final byte[] T = key("t");
  static final byte[] TOOL = key("tool");
  static final byte[] TP = key("tp");
  static final byte[] UP = key("up");
  static final byte[] V = key("v");
  static final byte[] VERDICT = key("verdict");
  static final byte[] WARN = key("warn");
  static final byte[] WHY = key("why");
  static final byte[] X = key("x");
  static final byte[] XN = key("xn");
  static final byte[] NAME = key("name");
  static final byte[] UNVERIFIED = key("unverified");
  static final byte[] VERSION = key("version");
  static final byte[] ADDR = key("addr");
  static final byte[] FWD = key("fwd");
  static final byte[] VIA = key("via");
  static final byte[] BY = key("by");
  static final byte[] ID = key("id");
  static final byte[] TYPE = key("type");
  static final byte[] BYTES = key("bytes");
  static final byte[] DIGEST = key("digest");
  static final byte[] ERROR = key("error");
  static final byte[] TEXT = key("text");
  static final byte[] FILE = key("file");
  static final byte[] RULE = key("rule");
  static final byte[] ROW = key("row");
  static final byte[] AT = key("at");
  static final byte[] LEN = key("len");
  static final byte[] N = key("n");
  static final byte[] C = key("c");
  static final byte[] FIELD = key("field");
  static final byte[] POLICY = key("policy");
  static final byte[] WAIT = key("wait");
  static final byte[] TOTAL = key("total");
  static final byte[] INTENT_INDEX = key("intent");

  static final byte[] INTENT = value("intent");
  static final byte[] OUTCOME = value("outcome");
  static final byte[] REFUSAL = value("refusal");
  static final byte[] EVENT = value("event");

  private static byte[] key(String name) {
    return ("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] value(String text) {
    return ("\"" + text + "\"").getBytes(StandardCharsets.US_ASCII);
  }
}
