// Calls over time, stacked by verdict. Drag over it to choose a period; the table below says the same in numbers.
import { count, el, number, svg, verdictClass, verdictName, VERDICT_ORDER } from './dom.js';

const HEIGHT = 132;
const LEFT = 46;
const TOP = 8;
const BOTTOM = 20;

export function draw(place, buckets, choose) {
  const kinds = VERDICT_ORDER.filter(kind => buckets.some(b => b.counts[kind]));
  for (const bucket of buckets) {
    for (const kind of Object.keys(bucket.counts)) if (!kinds.includes(kind)) kinds.push(kind);
  }
  if (!buckets.length || !kinds.length) {
    place.replaceChildren(el('p.empty', {}, 'Nothing in this period.'));
    return;
  }
  const total = bucket => Object.values(bucket.counts).reduce((a, b) => a + b, 0);
  const width = Math.max(place.clientWidth, 300);
  const inner = width - LEFT - 4;
  const height = HEIGHT - TOP - BOTTOM;
  const most = nice(Math.max(...buckets.map(total)));
  const step = inner / buckets.length;
  const sums = kinds.map(kind => [kind, buckets.reduce((sum, b) => sum + (b.counts[kind] ?? 0), 0)]);
  const first = buckets[0].from;
  const last = buckets.at(-1).until;
  const told = `${count(sums.reduce((a, [, n]) => a + n, 0), 'record')} from ${short(first)} to ${short(last)}: `
    + sums.map(([kind, n]) => `${number(n)} ${verdictName(kind)}`).join(', ');
  const picture = svg('svg', { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': told, class: 'bars' });
  for (const part of [0, 0.5, 1]) {
    const y = TOP + height - height * part;
    picture.append(svg('line', { x1: LEFT, x2: width - 4, y1: y, y2: y, class: 'grid' }));
    if (part === 0 || Number.isInteger(most * part)) {
      picture.append(svg('text', { x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, compact(most * part)));
    }
  }
  buckets.forEach((bucket, i) => {
    let y = TOP + height;
    const bar = svg('g', {}, svg('title', {}, `${short(bucket.from)} – ${short(bucket.until)}: `
      + (kinds.filter(k => bucket.counts[k]).map(k => `${number(bucket.counts[k])} ${verdictName(k)}`).join(', ') || 'nothing')));
    bar.append(svg('rect', { x: LEFT + i * step, y: TOP, width: step, height, class: 'slot' }));
    for (const kind of kinds) {
      const n = bucket.counts[kind] ?? 0;
      if (!n) continue;
      // One pixel at least: a single denial among thousands must be seen.
      const h = Math.max(1.5, (n / most) * height);
      y -= h;
      bar.append(svg('rect', { x: LEFT + i * step + 0.5, y: Math.max(TOP, y), width: Math.max(1, step - 1), height: h, class: verdictClass(kind) }));
    }
    picture.append(bar);
  });
  const begin = Date.parse(first);
  const span = Date.parse(last) - begin;
  for (const { at, text } of ticks(begin, span, inner)) {
    const x = LEFT + ((at - begin) / span) * inner;
    picture.append(svg('line', { x1: x, x2: x, y1: TOP + height, y2: TOP + height + 4, class: 'grid' }), svg('text', { x, y: HEIGHT - 4, 'text-anchor': 'middle' }, text));
  }
  const mark = svg('rect', { y: TOP, height, width: 0, class: 'mark', visibility: 'hidden' });
  picture.append(mark);
  drag(picture, mark, x => Math.max(0, Math.min(buckets.length - 1, Math.floor((x - LEFT) / step))), (a, b) => choose(buckets[a].from, buckets[b].until));
  place.replaceChildren(
    el('div.legend', {}, sums.map(([kind, n]) => el('span', {}, el('i.' + verdictClass(kind)), `${verdictName(kind)} `, el('b', {}, number(n)))), el('span.quiet.hint', {}, 'drag to choose a period')),
    picture,
    el('details.numbers', {}, el('summary', {}, 'As a table'), table(buckets, kinds, total)));
}

function drag(picture, mark, slot, choose) {
  let from = null;
  const at = e => e.clientX - picture.getBoundingClientRect().left;
  picture.addEventListener('pointerdown', e => {
    from = at(e);
    picture.setPointerCapture(e.pointerId);
  });
  picture.addEventListener('pointermove', e => {
    if (from === null) return;
    mark.setAttribute('x', Math.min(from, at(e)));
    mark.setAttribute('width', Math.abs(at(e) - from));
    mark.setAttribute('visibility', 'visible');
  });
  picture.addEventListener('pointerup', e => {
    if (from === null) return;
    const [a, b] = [slot(Math.min(from, at(e))), slot(Math.max(from, at(e)))];
    from = null;
    choose(a, b);
  });
}

function table(buckets, kinds, total) {
  const rows = buckets.filter(b => total(b) > 0).map(b =>
    el('tr', {}, el('th', { scope: 'row' }, short(b.from)), kinds.map(k => el('td', {}, number(b.counts[k] ?? 0)))));
  return el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'from (UTC)'), kinds.map(k => el('th', { scope: 'col' }, verdictName(k))))), el('tbody', {}, rows));
}

const nice = n => {
  const scale = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
  return [1, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].map(f => f * scale).find(top => top >= n);
};

const compact = n => (n >= 1e6 ? n / 1e6 + ' M' : n >= 1e4 ? n / 1e3 + ' k' : number(n));

const SECOND = 1000;
const DAY = 86400 * SECOND;
const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600].map(s => s * SECOND)
  .concat([1, 2, 7, 14, 30, 90, 365].map(d => d * DAY));

/** Round times, not closer than their labels are wide. */
function ticks(begin, span, width) {
  const most = Math.max(1, Math.floor(width / 110));
  const step = STEPS.find(s => span / s <= most) ?? STEPS.at(-1) * Math.ceil(span / STEPS.at(-1) / most);
  const all = [];
  for (let at = Math.ceil((begin + span * 0.02) / step) * step; at < begin + span * 0.97; at += step) {
    const time = new Date(at).toISOString();
    all.push({ at, text: step >= DAY || at % DAY === 0 ? time.slice(0, 10) : step < 60 * SECOND ? time.slice(11, 19) : time.slice(11, 16) });
  }
  return all;
}

export const short = time => time.slice(0, 19).replace('T', ' ');
