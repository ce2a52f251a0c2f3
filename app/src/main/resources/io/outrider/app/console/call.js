// One call from its arrival to its end: why it was let through or not, by which rule as it stood then, what was taken out, what proves it.
import { ask, askWhenReady, url } from './api.js';
import { badge, count, duration, el, moment, number, shown } from './dom.js';

/** Reads a call, or a single record, and shows it in `place`. */
export async function openCall(place, { call, record }, close, signal) {
  const found = call ? await askWhenReady('call', { id: call }, { signal }) : await ask('record', { index: record }, { signal });
  const [log] = await Promise.all([ask('status', {}, { signal })]);
  const leaves = found.records.map(r => ({ ...r, leaf: JSON.parse(r.line) }));
  const sheet = build(found.row, leaves, log, close);
  place.replaceChildren(sheet);
  place.hidden = false;
  await ruleTexts(place, leaves, signal);
}

function build(row, leaves, status, close) {
  const first = leaves[0].leaf;
  const end = leaves.find(r => r.kind === 'outcome')?.leaf;
  const event = first.k === 'event';
  const title = event ? first.ev : first.tool ?? first.meth ?? first.k;
  return el('div.sheet', {},
    evidenceHead(status),
    el('div.detail-head', {},
      el('div', {}, badge(event ? 'event' : first.verdict ?? 'none'), el('h2', {}, title), el('p.quiet', {}, sentence(first, end))),
      el('div.actions', {},
        el('a.button', { href: location.href, title: 'This call, as a link', onclick: copyLink }, 'Link'),
        el('button', { onclick: () => print(), title: 'Print as an evidence sheet (p)' }, 'Print'),
        el('button', { onclick: close, title: 'Close (Esc)' }, 'Close'))),
    trust(leaves, status),
    event ? facts(first.f ?? {}) : el('div', {}, timeline(leaves, row), decision(first), redactions(leaves), who(first)),
    kept(leaves),
    proofs(leaves, status),
    raw(leaves));
}

/** Only on paper: what this sheet is, and how to check it without us. */
function evidenceHead(status) {
  return el('div.evidence', {},
    el('h1', {}, 'Audit evidence'),
    el('p', {}, `From the audit log ${status.log.origin}, read ${new Date().toISOString()} by ${status.who}.`));
}

function sentence(first, end) {
  const parts = [];
  if (first.k === 'event') return `record ${first.i} · ${first.t}`;
  parts.push(first.sub?.id ? `by ${first.sub.id}` : 'by an unknown caller');
  if (first.up) parts.push(`on ${first.up}`);
  parts.push(first.t?.slice(0, 23).replace('T', ' ') + ' UTC');
  const out = first.out ?? end?.out;
  parts.push(out ? out : first.k === 'intent' ? 'in flight' : '');
  return parts.filter(Boolean).join(' · ');
}

async function copyLink(e) {
  e.preventDefault();
  try {
    await navigator.clipboard.writeText(e.currentTarget.href);
  } catch {
    // Not allowed here; the address bar has the same link.
  }
  const said = document.getElementById('said');
  said.textContent = 'link copied';
}

function trust(leaves, status) {
  const broken = leaves.filter(r => r.proof.state === 'broken');
  const pending = leaves.filter(r => r.proof.state === 'pending');
  if (broken.length) {
    return el('p.trust.bad', { role: 'alert' }, el('b', {}, 'Not proven. '), `Record ${broken[0].index}: ${broken[0].proof.why}`);
  }
  if (pending.length) {
    return el('p.trust.wait', {}, el('b', {}, 'Not under a signed checkpoint yet. '), 'Open it again in a second.');
  }
  const size = status.log.checkpoint?.size;
  return el('p.trust.good', {}, el('b', {}, 'Proven. '),
    `${leaves.length === 1 ? 'The record leads' : `All ${leaves.length} records lead`} to the root signed by ${status.log.origin} over ${count(size ?? 0, 'record')}.`);
}

const section = (title, ...children) => el('section', {}, el('h3', {}, title), children);

function timeline(leaves, row) {
  const steps = [];
  for (const { leaf, index } of leaves) {
    const ns = leaf.ns ?? {};
    if (leaf.k === 'intent' || leaf.k === 'refusal') {
      steps.push(step(leaf.t, 'arrived', [leaf.meth, leaf.src?.via, leaf.src?.addr && `from ${leaf.src.addr}`, leaf.in?.bytes !== undefined && `${number(leaf.in.bytes)} bytes`], index));
      if (leaf.verdict && leaf.verdict !== 'none') {
        steps.push(step('', leaf.verdict === 'deny' ? 'denied by policy' : leaf.verdict === 'shadow_deny' ? 'would be denied; policy is in shadow mode' : 'allowed by policy', [ns.policy !== undefined && `in ${duration(ns.policy)}`]));
      }
      if (ns.wait) steps.push(step('', 'waited for its turn', [duration(ns.wait)]));
      steps.push(leaf.k === 'intent' ? step('', 'recorded, then forwarded', [leaf.up]) : step('', `refused: ${leaf.out}`, ['nothing was forwarded'], undefined, true));
    } else if (leaf.k === 'outcome') {
      steps.push(step(leaf.t, leaf.out, [ns.total !== undefined && `after ${duration(ns.total)}`, ns.up !== undefined && `${duration(ns.up)} at the server`,
        leaf.res?.bytes !== undefined && `${number(leaf.res.bytes)} bytes`, leaf.res?.error && 'the tool calls its result an error', leaf.err !== undefined && `error ${leaf.err}`, leaf.detail], index, leaf.out !== 'completed'));
    }
  }
  if (!leaves.some(r => r.kind === 'outcome' || r.kind === 'refusal')) steps.push(step('', 'in flight', ['no outcome yet']));
  return section('Timeline', el('ol.timeline', {}, steps), row?.latency_ns === undefined ? null : bar(leaves));
}

function step(time, what, details, index, bad) {
  return el('li' + (bad ? '.bad' : ''), {}, el('time', {}, time ? moment(time).clock : ''), el('div', {}, el('b', {}, what), ' ',
    el('span.quiet', {}, details.filter(Boolean).join(' · ')), index === undefined ? null : el('span.ref', {}, `#${index}`)));
}

/** Where the time went. */
function bar(leaves) {
  const first = leaves[0].leaf.ns ?? {};
  const end = leaves.find(r => r.kind === 'outcome')?.leaf.ns ?? {};
  if (!end.total) return null;
  const parts = [['policy', first.policy ?? 0], ['waiting', first.wait ?? 0], ['server', end.up ?? 0]];
  const rest = end.total - parts.reduce((a, [, n]) => a + n, 0);
  if (rest > 0) parts.push(['rest', rest]);
  return el('dl.where', {}, parts.filter(([, n]) => n > 0).map(([name, n]) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, el('meter', { min: 0, max: end.total, value: n }), el('span', {}, duration(n))))));
}

function decision(leaf) {
  const reasons = [...(leaf.why ?? []), ...(leaf.warn ?? [])];
  const rules = leaf.rules ?? [];
  if (!reasons.length && !rules.length) return section('Decision', el('p.quiet', {}, leaf.verdict === 'none' ? 'The policy was not asked.' : 'No rule took part.'));
  return section('Decision',
    reasons.length ? el('ul.reasons', {}, reasons.map(r => el('li', {}, r))) : null,
    rules.map(rule => {
      const box = el('div.rule', {}, el('p', {}, el('code', {}, rule.rule), rule.file ? el('span.quiet', {}, ` ${rule.file}${rule.row ? ':' + rule.row : ''}`) : null));
      box.dataset.file = rule.file ?? '';
      box.dataset.row = rule.row ?? '';
      return box;
    }),
    leaf.pol ? el('p.quiet.digest', {}, 'policy ', el('code', {}, leaf.pol)) : null,
    leaf.obl?.length ? el('p', {}, 'Obligations: ' + leaf.obl.map(o => (typeof o === 'string' ? o : JSON.stringify(o))).join(', ')) : null,
    leaf.labels ? el('p', {}, 'Labels: ' + (Array.isArray(leaf.labels) ? leaf.labels.join(', ') : Object.entries(leaf.labels).map(([k, v]) => `${k}=${v}`).join(', '))) : null);
}

/** Puts the text of each rule under its name, as the policy stood when it decided. */
async function ruleTexts(place, leaves, signal) {
  const digest = leaves[0].leaf.pol;
  const boxes = [...place.querySelectorAll('.rule')];
  if (!digest || !boxes.length) return;
  let policy;
  try {
    policy = await ask('policy', { digest }, { signal });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    boxes[0].parentElement.append(el(e.status === 404 ? 'p.quiet' : 'p.trust.bad', {}, e.status === 404 ? 'The text of this policy is not kept in the log.' : e.message));
    return;
  }
  for (const box of boxes) {
    const file = policy.files.find(f => f.name === box.dataset.file)
      ?? policy.files.find(f => box.dataset.file && (f.name.endsWith('/' + box.dataset.file) || box.dataset.file.endsWith('/' + f.name)));
    if (file?.text) box.append(excerpt(file.text, Number(box.dataset.row)));
  }
  boxes.at(-1).after(el('details', {}, el('summary', {}, `The whole policy, ${count(policy.files.length, 'file')}`),
    policy.files.map(f => el('div', {}, el('h4', {}, f.name), el('pre', {}, shown(f.text ?? '', { lines: true }))))));
}

/** The rule around a row: back to the last empty line, and on to the next. */
function excerpt(text, row) {
  const lines = text.split('\n');
  if (!row || row > lines.length) return el('pre', {}, shown(lines.slice(0, 12).join('\n'), { lines: true }));
  let from = row - 1;
  while (from > 0 && row - from < 8 && lines[from - 1].trim()) from--;
  let to = row;
  while (to < lines.length && to - row < 14 && lines[to].trim()) to++;
  return el('pre.rego', {}, lines.slice(from, to).map((line, i) =>
    el('span.row' + (from + i + 1 === row ? '.here' : ''), {}, el('span.no', {}, String(from + i + 1)), el('span', {}, shown(line, { lines: true })), shown('\n', { lines: true }))));
}

function redactions(leaves) {
  const all = leaves.flatMap(({ leaf }) => (leaf.red ?? []).map(red => ({ ...red, side: leaf.k === 'outcome' ? 'answer' : 'request' })));
  if (!all.length) return null;
  return section('Redactions', el('table.plain', {},
    el('thead', {}, el('tr', {}, ['Rule', 'In', 'At', 'Matches', 'Bytes'].map(h => el('th', { scope: 'col' }, h)))),
    el('tbody', {}, all.map(red => el('tr', {}, el('td', {}, red.rule), el('td', {}, red.side), el('td', {}, el('code', {}, red.at ?? '')), el('td', {}, red.n ?? ''), el('td', {}, red.len ?? ''))))));
}

const pairs = entries => el('dl.pairs', {}, entries.filter(([, v]) => v !== undefined && v !== null && v !== '').map(([k, v]) => el('div', {}, el('dt', {}, k), el('dd', {}, v instanceof Node ? v : String(v)))));

function who(leaf) {
  return section('Who and where', pairs([
    ['Principal', leaf.sub?.id], ['Verified by', leaf.sub?.by], ['Type', leaf.sub?.type],
    ['Client', leaf.cli && `${leaf.cli.name ?? ''} ${leaf.cli.version ?? ''} (unverified)`],
    ['Address', leaf.src?.addr], ['Forwarded for', leaf.src?.fwd && `${leaf.src.fwd} (untrusted)`],
    ['Server', leaf.up], ['Method', leaf.meth], ['Tool', leaf.tool], ['Tool definition', leaf.def],
    ['Call', leaf.call], ['Session', leaf.sid], ['Request id', leaf.rid], ['Trace', leaf.tp],
    ['Protocol', [leaf.era, leaf.rev].filter(Boolean).join(' ')], ['Configuration', leaf.cfg], ['Run', leaf.boot],
  ]));
}

const facts = f => section('Facts', pairs(Object.entries(f)));

function kept(leaves) {
  const parts = leaves.flatMap(({ kept: values = [], kept_error: error, index }) => [
    ...values.filter(v => !v.field.endsWith('.digest')).map(v => el('details', { open: v.text.length < 2000 },
      el('summary', {}, ({ 'in.text': 'Request, redacted', 'res.text': 'Answer, redacted' })[v.field] ?? `${v.field}, whole`, el('span.ref', {}, `#${index}`)),
      el('pre.value', {}, shown(pretty(v.text), { lines: true })), v.cut ? el('p.quiet', {}, 'Cut here; outrider audit show has all of it.') : null)),
    error ? el('p.trust.bad', {}, error) : null,
  ]);
  return parts.some(Boolean) ? section('Values kept beside the log', parts) : null;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function proofs(leaves, status) {
  const checkpoint = status.log.checkpoint;
  return section('Proof', el('table.plain', {},
    el('thead', {}, el('tr', {}, ['Record', 'Kind', 'Proof', ''].map(h => el('th', { scope: 'col' }, h)))),
    el('tbody', {}, leaves.map(r => el('tr', {}, el('td', {}, number(r.index)), el('td', {}, r.kind),
      el('td', {}, r.proof.state === 'proven' ? `proven by ${count(r.proof.hashes, 'hash').replace('hashs', 'hashes')}` : r.proof.state === 'pending' ? 'not under a checkpoint yet' : el('b.bad', {}, 'broken: ' + r.proof.why)),
      el('td', {}, r.proof.state === 'proven' ? el('a', { href: url('proof', { index: r.index }), download: `record-${r.index}.tlog-proof` }, 'proof file') : null))))),
    checkpoint ? pairs([['Checkpoint', `${checkpoint.origin}, ${count(checkpoint.size, 'record')}`], ['Root', el('code', {}, checkpoint.root)], ['Key', el('code', {}, status.log.key)]]) : null,
    el('p.quiet.print', {}, 'Check a proof file without this log: outrider audit verify --proof FILE --key KEY. The key must come from elsewhere than this page.'));
}

function raw(leaves) {
  return section('Records as they stand', leaves.map(r => el('details', {}, el('summary', {}, `Record ${r.index}, ${r.kind}`), el('pre', {}, shown(JSON.stringify(r.leaf, null, 2), { lines: true })))));
}
