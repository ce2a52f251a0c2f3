package io.outrider.enforce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.redaction.Detectors;
import io.outrider.redaction.Redaction;
import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a secret (`S`) in each place that a message has for one.
class McpScopeTest {
  private static final Redactor REDACTOR =
      Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
  private static final String SECRET = "ghp_" + "x7Kd92LmQpZrT4vWbN8sYcHf3JgAeU1iOt6R";

  private static String becomes(String json) {
    byte[] bytes = json.replace('\'', '"').replace("S!", SECRET).getBytes(UTF_8);
    Redaction redaction =
        REDACTOR.redact(bytes, 0, bytes.length, McpScope.INSTANCE, Detectors.NONE);
    return switch (redaction) {
      case Redaction.Clean(var findings) -> findings.isEmpty() ? "unseen" : "told";
      case Redaction.Redacted _ -> "masked";
      case Redaction.Blocked _ -> "blocked";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'params':{'arguments':{'name':'S!','uri':'S!','type':'S!'}}}                        | masked
          {'params':{'arguments':{'S!':1}}}                                                    | blocked
          {'params':{'name':'S!','arguments':{}}}                                              | blocked
          {'params':{'uri':'https://a.test/?x=S!'}}                                            | blocked
          {'method':'S!'}                                                                      | blocked
          {'params':{'ref':{'type':'ref/resource','uri':'S!'}}}                                | masked
          {'params':{'cursor':'S!'}}                                                           | told
          {'params':{'_meta':{'progressToken':'S!'}}}                                          | told
          {'params':{'_meta':{'io.modelcontextprotocol/clientInfo':{'name':'S!'}}}}            | masked
          {'params':{'_meta':{'other/thing':'S!'}}}                                            | masked
          {'params':{'protocolVersion':'S!'}}                                                  | masked
          {'id':'S!'}                                                                          | told
          {'result':{'nextCursor':'S!'}}                                                       | told
          {'result':{'content':[{'type':'text','text':'S!'}]}}                                 | masked
          {'result':{'content':[{'type':'S!','text':'a'}]}}                                    | masked
          {'result':{'content':[{'type':'text','mimeType':'S!','text':'a'}]}}                  | masked
          {'result':{'content':[{'type':'image','mimeType':'image/png','data':'S!'}]}}         | unseen
          {'result':{'content':[{'type':'image','mimeType':'text/plain','data':'S!'}]}}        | masked
          {'result':{'content':[{'type':'text','mimeType':'image/png','data':'S!'}]}}          | masked
          {'result':{'structuredContent':{'type':'image','mimeType':'image/png','data':'S!'}}} | masked
          {'result':{'contents':[{'uri':'a:b','blob':'S!'}]}}                                  | unseen
          {'result':{'contents':[{'uri':'a:b','mimeType':'text/x','blob':'S!'}]}}              | masked
          {'result':{'resources':[{'uri':'S!','name':'a'}]}}                                   | masked
          {'result':{'resultType':'S!'}}                                                       | masked
          {'error':{'code':1,'message':'S!','data':{'name':'S!'}}}                             | masked
          """)
  void eachPlaceHasItsWay(String json, String outcome) {
    assertThat(becomes(json)).isEqualTo(outcome);
  }
}
