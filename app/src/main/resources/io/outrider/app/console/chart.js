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
  for (const at of ticks(inner)) {
    const i = Math.min(buckets.length - 1, Math.floor(at * buckets.length));
    picture.append(svg('text', { x: LEFT + i * step, y: HEIGHT - 5, 'text-anchor': at === 0 ? 'start' : 'middle' }, label(buckets[i].from, first, last)));
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

const ticks = width => {
  const n = Math.max(2, Math.min(7, Math.floor(width / 150)));
  return Array.from({ length: n }, (_, i) => i / n);
};

export const short = time => time.slice(0, 19).replace('T', ' ');

function label(time, first, last) {
  const span = Date.parse(last) - Date.parse(first);
  if (span > 3 * 86400e3) return time.slice(0, 10);
  if (span > 86400e3) return time.slice(5, 16).replace('T', ' ');
  return span > 300e3 ? time.slice(11, 16) : time.slice(11, 19);
}
