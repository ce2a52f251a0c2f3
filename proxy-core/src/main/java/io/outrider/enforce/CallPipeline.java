package io.outrider.enforce;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.call.Call;
import io.outrider.call.Refusal;
import io.outrider.enforce.PolicyGate.Judgement;
import io.outrider.enforce.RedactionGate.Cleaned;
import io.outrider.enforce.RedactionGate.Looked;
import io.outrider.enforce.Treatments.Subject;
import io.outrider.jsonrpc.Json;
import io.outrider.limit.Cancellable;
import io.outrider.limit.Ticket;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpMethod;
import io.outrider.session.ClientSession;
import io.outrider.session.Opened;
import io.outrider.settings.RedactionSettings.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The order in which a call is judged. Read from [#admit] on, which asks for the tools, through
/// `judged` (mirrors, policy, limits) to `admitted` (redaction, record).
///
/// Gates are functions from a call to a value. Three steps may answer later, on the caller's loop:
/// the question for the server's tools, the limit gate, when the call waits its turn, and the audit
/// gate, when the record reaches the disk.
public final class CallPipeline {

  private static final Logger log = LoggerFactory.getLogger(CallPipeline.class);
  private static final Cancellable DONE = () -> false;

  private final LiveRules rules;
  private final ToolCatalog tools;
  private final ToolQuestions questions;
  private final PolicyGate policyGate;
  private final LimitGate limitGate;
  private final AuditTrail audit;
  private final BooleanSupplier draining;
  private final boolean forwardUnrecorded;

  /// @param draining whether the proxy is shutting down
  /// @param forwardUnrecorded `audit.on_failure: continue`: a call goes on although the log cannot
  ///   take its record
  public CallPipeline(
      LiveRules rules,
      ToolCatalog tools,
      ToolQuestions questions,
      Transports transports,
      LimitGate limitGate,
      AuditTrail audit,
      BooleanSupplier draining,
      boolean forwardUnrecorded) {
    this.rules = rules;
    this.tools = tools;
    this.questions = questions;
    this.policyGate = new PolicyGate(tools, transports);
    this.limitGate = limitGate;
    this.audit = audit;
    this.draining = draining;
    this.forwardUnrecorded = forwardUnrecorded;
  }

  /// A call on its way through the gates. Thread-safe.
  public interface Waiting {
    /// Takes the call back, if it waits for its turn: it is refused for that reason then.
    ///
    /// @return false when it does not wait any more
    boolean callOff(Refusal why);
  }

  /// Passes one call through the gates. `then` is called once, on this thread or on `loop`.
  public Waiting admit(Opened.Request request, Executor loop, Consumer<Admission> then) {
    Call call = request.call();

    // One snapshot for the whole life of the call: a reload in between must not judge the request
    // by one policy and its answer by another.
    Rules snapshot = rules.current();

    // Whatever breaks in a gate is an answer too, and never a pass.
    OneAnswer answer = new OneAnswer(call, snapshot, then);
    answer.runs(() -> {
      // A proxy that is going away takes nothing new; the client may try another instance.
      if (draining.getAsBoolean()) {
        return refuse(call, snapshot, new Refusal.Draining(), null, answer);
      }

      // What the next two look at must be known: a server that nobody has asked for its tools is
      // asked now. Before the limits, because the question holds no place; a call that waits for
      // the answer can be called off as one that waits for its turn.
      if (questions.matters(call, snapshot)) {
        return questions.ask(
            request,
            snapshot,
            loop,
            () -> answer.runs(() -> judged(request, loop, answer)),
            () -> answer.runs(() -> refuse(call, snapshot, answer.whyCalledOff, null, answer)));
      }
      return judged(request, loop, answer);
    });
    return answer;
  }

  private Cancellable judged(Opened.Request request, Executor loop, OneAnswer answer) {
    Call call = request.call();
    Rules snapshot = answer.snapshot;

    // What a header says about an argument must be what the body says, or someone on the
    // way decides by another call than the policy does.
    Refusal smuggled = mirrors(call);
    if (smuggled != null) {
      return refuse(call, snapshot, smuggled, null, answer);
    }

    // Policy before limits: what is denied must cost no place in a queue, and a denied
    // caller must not learn from a limit how busy the others are. The policy also says which
    // limits and redactions follow.
    return switch (policyGate.judge(call, snapshot)) {
      case Judgement.Stopped stopped -> stop(call, snapshot, stopped, answer);

      // Limits before the work that costs: a call that must wait or turn back has not been
      // scanned.
      case Judgement.Passed passed ->
          limitGate.enter(
              call,
              passed.duties(),
              loop,
              entry -> answer.orBroken(() -> admitted(request, passed, entry, loop, answer)));
    };
  }

  private Cancellable admitted(
      Opened.Request request,
      Judgement.Passed passed,
      LimitGate.Entry entry,
      Executor loop,
      OneAnswer answer) {
    Call call = request.call();
    Rules snapshot = answer.snapshot;
    switch (entry) {
      case LimitGate.Entry.Over over -> refuse(call, snapshot, over.refusal(), passed, answer);
      case LimitGate.Entry.Abandoned _ ->
          refuse(call, snapshot, answer.whyCalledOff, passed, answer);
      case LimitGate.Entry.In(Ticket ticket, long waited) -> {
        answer.holds(ticket);

        // Redaction after the limit, before the record: the record must say what really leaves.
        switch (RedactionGate.request(call, snapshot, passed.duties())) {
          case Looked.Refused refused -> unredactable(refused, passed, answer);

          // Tokens that redaction gave out are turned back where the policy allows it; the record
          // keeps the tokens.
          case Looked.Clean(Cleaned cleaned) -> {
            switch (RedactionGate.restored(call, snapshot, passed.duties(), cleaned)) {
              case Looked.Refused refused -> unredactable(refused, passed, answer);

              // The record last, and durable: no Permit exists for a call the log does not know.
              case Looked.Clean(Cleaned sent) ->
                  record(request, snapshot, passed, cleaned, sent, ticket, waited, loop, answer);
            }
          }
        }
      }
    }
    return DONE;
  }

  private void unredactable(Looked.Refused refused, Judgement.Passed passed, OneAnswer answer) {
    Refusal refusal = RedactionGate.refusal(refused);
    audit.refusal(
        answer.call,
        answer.snapshot,
        refusal,
        passed.decision(),
        refused.findings(),
        passed.nanos());
    answer.accept(new Admission.Refused(refusal));
  }

  /// Gives the answer once, with the place of a refused call returned, also when a gate throws.
  private final class OneAnswer implements Consumer<Admission>, Waiting {
    private final Call call;
    private final Rules snapshot;
    private final Consumer<Admission> then;
    private volatile Cancellable waits = DONE;

    /// Counts the parts of the way, so that the first does not undo what a later one said.
    private final AtomicInteger begun = new AtomicInteger();

    private volatile Refusal whyCalledOff = new Refusal.Abandoned("called off");
    private @Nullable Ticket ticket;
    private boolean given;

    OneAnswer(Call call, Rules snapshot, Consumer<Admission> then) {
      this.call = call;
      this.snapshot = snapshot;
      this.then = then;
    }

    @Override
    public boolean callOff(Refusal why) {
      whyCalledOff = why;
      return waits.cancel();
    }

    /// Runs a part of the way, which says how to call off what it waits for.
    void runs(Supplier<Cancellable> part) {
      int mine = begun.incrementAndGet();
      Cancellable waiting = orBroken(part);
      synchronized (this) {
        if (begun.get() == mine) {
          waits = waiting;
        }
      }
    }

    void holds(@Nullable Ticket held) {
      ticket = held;
    }

    @Override
    public void accept(Admission admission) {
      given = true;
      if (ticket != null && admission instanceof Admission.Refused) {
        ticket.dropped();
      }
      then.accept(admission);
    }

    Cancellable orBroken(Supplier<Cancellable> gates) {
      try {
        return gates.get();
      } catch (RuntimeException e) {
        if (given) {
          throw e; // not a gate: whoever heard the answer
        }
        log.atError().setCause(e).addKeyValue("call", call.id()).log("a gate broke");
        return refuse(
            call, snapshot, new Refusal.GateBroken(e.getClass().getSimpleName()), null, this);
      }
    }
  }

  private Cancellable stop(
      Call call, Rules snapshot, Judgement.Stopped stopped, Consumer<Admission> then) {
    audit.refusal(
        call, snapshot, stopped.refusal(), stopped.decision(), List.of(), stopped.nanos());
    then.accept(new Admission.Refused(stopped.refusal()));
    return DONE;
  }

  private @Nullable Refusal mirrors(Call call) {
    // Headers exist on HTTP only, and have this meaning in the modern era only.
    if (call.era() != Era.MODERN || !call.source().transport().equals("http")) {
      return null;
    }
    ToolCatalog.Tool tool = tools.find(call.upstream(), PolicyGate.toolName(call));
    return tool == null ? null : ParamMirror.check(call, tool.mirrors().paths());
  }

  /// The mirrored arguments to send, made from the arguments as they will be sent: so the two agree
  /// whatever was masked, and a client on a pipe needs none of its own. Headers that the tool does
  /// not know are passed on, redacted by the rules; not where a policy wants more taken out, since
  /// nothing says what they hold.
  private List<Call.ParamHeader> headers(Call call, Rules snapshot, Duties duties, Cleaned sent) {
    if (call.era() != Era.MODERN) {
      return call.paramHeaders();
    }
    ToolCatalog.Tool tool = tools.find(call.upstream(), PolicyGate.toolName(call));
    Map<String, List<String>> paths = tool == null ? Map.of() : tool.mirrors().paths();
    boolean overHttp = call.source().transport().equals("http");
    if (overHttp && call.paramHeaders().isEmpty()) {
      return List.of();
    }
    List<Call.ParamHeader> headers = new ArrayList<>();
    if (!paths.isEmpty()) {
      headers.addAll(
          ParamMirror.make(Json.tree(sent.bytes()).path("params").path("arguments"), paths));
    }
    if (duties.redactRequest().isEmpty()) {
      RedactionGate.headers(call, snapshot, duties).stream()
          .filter(h -> !paths.containsKey(h.header().toLowerCase(Locale.ROOT)))
          .forEach(headers::add);
    }
    return headers;
  }

  private void record(
      Opened.Request request,
      Rules snapshot,
      Judgement.Passed passed,
      Cleaned cleaned,
      Cleaned sent,
      @Nullable Ticket ticket,
      long waited,
      Executor loop,
      Consumer<Admission> then) {
    Call call = request.call();
    List<Call.ParamHeader> headers = headers(call, snapshot, passed.duties(), sent);
    audit.intent(
        call,
        snapshot,
        passed,
        cleaned,
        waited,
        loop,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            grant(receipt.index());
          }

          @Override
          public void failed(AuditUnavailable reason) {
            if (forwardUnrecorded) {
              grant(-1);
              return;
            }
            then.accept(
                new Admission.Refused(
                    new Refusal.AuditUnavailable(
                        "the audit log cannot take the record: " + reason)));
          }

          private void grant(long index) {
            then.accept(
                new Admission.Granted(
                    new Permit(
                        call,
                        request.session(),
                        snapshot,
                        passed.duties(),
                        sent,
                        headers,
                        ticket,
                        index)));
          }
        });
  }

  private Cancellable refuse(
      Call call,
      Rules snapshot,
      Refusal refusal,
      Judgement.@Nullable Passed passed,
      Consumer<Admission> then) {
    audit.refusal(
        call,
        snapshot,
        refusal,
        passed == null ? null : passed.decision(),
        List.of(),
        passed == null ? 0 : passed.nanos());
    then.accept(new Admission.Refused(refusal));
    return DONE;
  }

  /// A notification of a client, redacted; or the refusal. Notifications ask for nothing and are
  /// not judged: what they could do was judged with the request they belong to.
  public NoticeAdmission admit(Opened.Notice notice) {
    return notice(notice.message().bytes(), notice.session());
  }

  /// A client's answer to something the server asked, redacted; or the refusal.
  public NoticeAdmission admit(Opened.Answer answer) {
    return notice(answer.message().bytes(), answer.session());
  }

  private NoticeAdmission notice(byte[] bytes, ClientSession session) {
    Rules snapshot = rules.current();
    if (!snapshot.redactRequests()) {
      return new NoticeAdmission.Granted(new NoticePermit(session, bytes));
    }
    return switch (RedactionGate.look(
        bytes, snapshot, List.of(), snapshot.handling(subject(session)))) {
      case Looked.Clean(Cleaned cleaned) ->
          new NoticeAdmission.Granted(new NoticePermit(session, cleaned.bytes()));
      case Looked.Refused refused -> new NoticeAdmission.Refused(RedactionGate.refusal(refused));
    };
  }

  private static Subject subject(ClientSession session) {
    return new Subject(Direction.REQUEST, session.upstream(), null, session.principal().id());
  }

  /// The answer of the gates to a notification or an answer.
  public sealed interface NoticeAdmission {
    record Granted(NoticePermit permit) implements NoticeAdmission {}

    record Refused(Refusal refusal) implements NoticeAdmission {}
  }

  /// Whether a place must be held while the call runs: for work, not for the protocol's own upkeep.
  static boolean countsTowardsLimits(McpMethod method) {
    return switch (method.kind()) {
      case JUDGED, LIST -> true;
      case LIFECYCLE, LISTEN -> false;
    };
  }
}
