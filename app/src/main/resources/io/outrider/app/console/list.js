// One page of rows. The server pages; the page never holds more than it shows.
import { badge, duration, el, moment } from './dom.js';

export class List {
  constructor(body, open) {
    this.body = body;
    this.open = open;
    this.rows = [];
    this.at = -1;
    body.addEventListener('click', e => {
      const line = e.target.closest('tr[data-at]');
      if (line && !getSelection().toString()) {
        this.select(Number(line.dataset.at));
        this.open(this.rows[this.at]);
      }
    });
  }

  /** Shows rows; the one that was selected stays so if it is among them. */
  draw(rows) {
    const kept = this.rows[this.at]?.index;
    const focused = this.body.contains(document.activeElement);
    this.rows = rows;
    let date = '';
    const lines = [];
    rows.forEach((row, i) => {
      const time = row.kind === 'damaged' ? { date, clock: '' } : moment(row.time);
      if (time.date !== date) {
        date = time.date;
        lines.push(el('tr.date', {}, el('th', { colspan: 4, scope: 'colgroup' }, date || 'no time'), el('td.c-why', { colspan: 3 })));
      }
      lines.push(line(row, i, time));
    });
    this.body.replaceChildren(...lines);
    this.at = -1;
    const again = rows.findIndex(row => row.index === kept);
    if (again >= 0) this.select(again, focused);
  }

  element(i) {
    return this.body.querySelector(`tr[data-at="${i}"]`);
  }

  select(i, focus = true) {
    this.element(this.at)?.removeAttribute('aria-selected');
    this.element(this.at)?.setAttribute('tabindex', '-1');
    this.at = Math.max(-1, Math.min(this.rows.length - 1, i));
    const line = this.element(this.at);
    if (!line) return;
    line.setAttribute('aria-selected', 'true');
    line.setAttribute('tabindex', '0');
    if (focus) line.focus({ preventScroll: true });
    line.scrollIntoView({ block: 'nearest' });
  }

  selectRecord(index) {
    this.select(this.rows.findIndex(row => row.index === index), false);
  }
}

function line(row, i, time) {
  if (row.kind === 'damaged') {
    const node = el('tr.damaged', { tabindex: '-1' },
      el('td.c-time', {}, time.clock), el('td.c-verdict', {}, el('span.badge.v-deny', {}, 'damaged')),
      el('td.c-why', { colspan: 5 }, `record ${row.index} cannot be read: ${row.why}`));
    node.dataset.at = i;
    return node;
  }
  const event = row.kind === 'event';
  const why = row.reasons?.[0] ?? row.rules?.[0] ?? '';
  const facts = event ? Object.entries(row.facts ?? {}).map(([k, v]) => `${k}=${v}`).join('  ') : '';
  const cells = event
    ? [el('td.c-what', { colspan: 2, title: facts }, el('b', {}, row.event ?? 'event')), el('td.c-why', { colspan: 3, title: facts }, facts)]
    : [
        el('td.c-who', { title: row.user ?? '' }, row.user || el('span.quiet', {}, 'unknown')),
        el('td.c-what', { title: [row.upstream, row.method, row.tool].filter(Boolean).join(' ') },
          row.tool ?? row.method ?? '', row.upstream ? el('span.quiet', {}, ' ' + row.upstream) : null),
        el('td.c-why', { title: [...(row.reasons ?? []), ...(row.rules ?? [])].join('\n') },
          row.redactions ? el('span.mark', { title: `${row.redactions} values redacted` }, `${row.redactions} redacted`) : null, why),
        el('td.c-end' + (row.outcome === 'completed' ? '' : '.bad'), { title: row.outcome ?? '' }, row.outcome ?? el('span.quiet', {}, 'in flight')),
        el('td.c-ms', {}, duration(row.latency_ns)),
      ];
  const node = el('tr', { tabindex: '-1', class: row.checkpointed ? '' : 'fresh' },
    el('td.c-time', { title: `record ${row.index}, ${row.time ?? ''}` + (row.checkpointed ? '' : ', not under a checkpoint yet') }, time.clock),
    el('td.c-verdict', {}, badge(event ? 'event' : row.verdict ?? 'none')),
    cells);
  node.dataset.at = i;
  return node;
}
