// Elements without markup: everything that is shown goes through here, as text.

// What could hide, move the cursor, turn the writing direction or pile up: the same classes as SafeText in the verifier.
const DANGEROUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{M}]|(?! )\p{Zs}/u;
const DANGEROUS_ALL = new RegExp(DANGEROUS.source, 'gu');

const code = c => 'U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');

/** Text for a search line: an input shows what it holds, so what is dangerous is left to the wildcard. */
export const wild = text => String(text).replace(DANGEROUS_ALL, '*');

/** Text for attributes: what is dangerous is written as its code. */
export const plain = text => String(text).replace(DANGEROUS_ALL, c => `<${code(c)}>`);

/** Text of any origin as nodes; what is dangerous stands out as its code. With `lines`, line ends and tabs are kept. */
export function shown(text, { lines = false } = {}) {
  const all = document.createDocumentFragment();
  let run = '';
  const flush = () => {
    if (run) all.append(run);
    run = '';
  };
  for (const c of String(text)) {
    if (!DANGEROUS.test(c) || (lines && (c === '\n' || c === '\t'))) {
      run += c;
    } else {
      flush();
      const mark = document.createElement('span');
      mark.className = 'code';
      mark.textContent = code(c);
      mark.title = 'a character that is not shown: ' + code(c);
      all.append(mark);
    }
  }
  flush();
  return all;
}

/** An element. Children are nodes, or texts of any origin. */
export function el(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : plain(value));
  }
  add(node, children);
  return node;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, plain(value));
  add(node, children);
  return node;
}

/** Puts other children into a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
}

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : shown(child));
  }
}

export const $ = id => document.getElementById(id);

const NUMBER = new Intl.NumberFormat('en');
export const number = n => NUMBER.format(n);

/** How many of what. */
export const count = (n, noun) => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;

export function duration(nanos) {
  if (nanos === undefined) return '';
  if (nanos < 1e6) return (nanos / 1e3).toFixed(0) + ' µs';
  if (nanos < 1e9) return (nanos / 1e6).toFixed(nanos < 1e7 ? 1 : 0) + ' ms';
  if (nanos < 60e9) return (nanos / 1e9).toFixed(1) + ' s';
  return (nanos / 60e9).toFixed(1) + ' min';
}

/** `2026-11-20` and `12:00:00.123` of a recorded time; what is no time comes back whole. */
export function moment(time) {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time ?? '');
  return parts
    ? { date: parts[1], clock: parts[2] + '.' + (parts[3] ?? '0').padEnd(3, '0').slice(0, 3) }
    : { date: '', clock: time ?? '—' };
}

export function ago(time, now) {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  if (seconds < 90) return Math.round(seconds) + ' s ago';
  if (seconds < 5400) return Math.round(seconds / 60) + ' min ago';
  if (seconds < 129600) return Math.round(seconds / 3600) + ' h ago';
  return Math.round(seconds / 86400) + ' d ago';
}

const VERDICTS = { allow: 'allow', deny: 'deny', shadow_deny: 'shadow deny', none: 'refused', event: 'event' };

export const VERDICT_ORDER = ['allow', 'shadow_deny', 'none', 'deny', 'event'];

export const verdictName = verdict => VERDICTS[verdict] ?? verdict;

export const verdictClass = verdict => (verdict in VERDICTS ? 'v-' + verdict : 'v-other');

export const badge = verdict => el('span.badge.' + verdictClass(verdict), {}, verdictName(verdict));
