// Whether the log can be believed: the last check, its checkpoint, and a button that checks again.
import { ask } from './api.js';
import { $, ago, count, duration, el, fill, number } from './dom.js';

const WORDS = { 'not anchored': 'Not anchored', ok: 'Verified', tampered: 'TAMPERED WITH', unreadable: 'UNREADABLE', incomplete: 'Incomplete' };

export class Verify {
  constructor() {
    this.dialog = $('verify');
    this.status = null;
    this.timer = null;
  }

  /** Takes what the server says and shows it everywhere. */
  show(status) {
    this.status = status;
    const { last, running } = status.verification;
    const pill = $('proof-state');
    const log = status.log;
    if (running) {
      const total = log.checkpoint?.size ?? 0;
      pill.textContent = total ? `Checking ${Math.min(100, Math.floor((status.verification.checked / total) * 100))} %` : 'Checking';
      pill.className = 'pill wait';
    } else if (last) {
      pill.textContent = last.verdict === 'ok' ? `Verified · ${number(last.records)} records` : WORDS[last.verdict];
      pill.className = 'pill ' + (last.verdict === 'ok' ? 'good' : 'bad');
    } else {
      pill.textContent = 'Not verified yet';
      pill.className = 'pill wait';
    }
    this.banner(status, last);
    if (this.dialog.open) this.draw();
  }

  banner(status, last) {
    const banner = $('banner');
    const first = last?.problems?.[0];
    let text = null;
    if (last && last.verdict !== 'ok') {
      text = `${WORDS[last.verdict]}: ` + (first ? (first.index === undefined ? '' : `record ${number(first.index)}: `) + first.what : last.error ?? '')
        + (last.problem_count > 1 ? ` (and ${number(last.problem_count - 1)} more)` : '');
    } else if (status.log.checkpoint_error) {
      text = 'The checkpoint cannot be read: ' + status.log.checkpoint_error;
    } else if (status.index.error) {
      text = 'The log cannot be read: ' + status.index.error;
    }
    banner.hidden = text === null;
    // Redrawn only when it changes, so that a screen reader says it once.
    if (banner.dataset.text !== text) {
      banner.dataset.text = text ?? '';
      banner.className = 'banner' + (['incomplete', 'not anchored'].includes(last?.verdict) ? ' soft' : '');
      banner.replaceChildren(...(text ? [el('span', {}, text), el('button', { onclick: () => this.open() }, 'Details')] : []));
    }
  }

  open() {
    this.draw();
    if (!this.dialog.open) this.dialog.showModal();
  }

  async start() {
    const verification = await ask('verify', { start: 'true' });
    this.show({ ...this.status, verification });
    this.poll();
  }

  /** Follows a check to its end. */
  poll() {
    if (this.timer) return;
    this.timer = setInterval(async () => {
      try {
        const verification = await ask('verify');
        this.show({ ...this.status, verification });
        if (!verification.running) this.stop();
      } catch {
        this.stop();
      }
    }, 400);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }

  draw() {
    const { log, verification, now } = this.status;
    const { last, running } = verification;
    const pair = (k, v) => (v === undefined || v === null ? null : el('div', {}, el('dt', {}, k), el('dd', {}, v)));
    const focused = document.activeElement?.id;
    fill(this.dialog,
      el('div.dialog-head', {}, el('h2', { id: 'verify-title' }, 'Verification'), el('button', { onclick: () => this.dialog.close() }, 'Close')),
      last ? el('p.trust.' + (last.verdict === 'ok' ? 'good' : 'bad'), {}, el('b', {}, WORDS[last.verdict] + '. '),
        last.error ?? `${count(last.records, 'record')} checked ${ago(last.at, Date.parse(now))}, in ${duration(last.took_ms * 1e6)}.`,
        last.tail ? ` ${number(last.tail)} more wait for a checkpoint.` : '', last.in_flight ? ` ${count(last.in_flight, 'call')} in flight.` : '',
        last.indeterminate ? ` ${count(last.indeterminate, 'call')} of unknown outcome after a crash.` : '', last.pruned ? ` ${count(last.pruned, 'record')} pruned as recorded; their hashes are there.` : '') : el('p.quiet', {}, 'Not checked since the console was opened.'),
      last?.problems?.length ? el('ol.problems', {}, last.problems.map(p => el('li', {}, el('b', {}, p.severity + (p.index === undefined ? '' : ` at record ${number(p.index)}`)), ' ', p.what))) : null,
      last?.problem_count > (last?.problems?.length ?? 0) ? el('p.quiet', {}, `and ${number(last.problem_count - last.problems.length)} more`) : null,
      running ? el('div.progress', {}, el('progress', { max: log.checkpoint?.size ?? 1, value: verification.checked }), el('span', {}, `${number(verification.checked)} of ${number(log.checkpoint?.size ?? 0)}`)) : null,
      el('p', {}, el('button.primary', { id: 'verify-now', disabled: running, onclick: () => this.start() }, running ? 'Checking …' : 'Verify now')),
      el('h3', {}, 'Checkpoint'),
      log.checkpoint
        ? el('dl.pairs', {}, pair('Log', log.checkpoint.origin), pair('Records', number(log.checkpoint.size)), pair('Root', el('code', {}, log.checkpoint.root)),
            pair('Key', el('code', {}, log.key)), pair('Key id', log.key_id))
        : el('p.trust.bad', {}, log.checkpoint_error ?? 'missing'),
      log.key_from_folder ? el('p.trust.wait', {}, 'The key was found in the log\u2019s own folder. It proves that the folder agrees with itself; compare it with one you keep elsewhere.') : null,
      el('p.quiet', {}, 'Compare the key with the one you keep elsewhere, and save this note: the log must begin with it ever after. ', el('code', {}, 'outrider audit verify --key KEY --checkpoint FILE')),
      last?.anchors?.length ? el('div', {}, el('h3', {}, 'Others who vouch for it'), el('table.plain', {}, el('tbody', {}, last.anchors.map(a =>
        el('tr', {}, el('td', {}, a.kind), el('td', {}, a.by), el('td', {}, count(a.size, 'record')), el('td', {}, a.time), el('td', {}, a.checked ? 'signature checked' : 'signature not checked')))))) : null,
      log.note ? el('pre.note', {}, ...log.note.split('\n').map(line => el('span', {}, line, el('br')))) : null,
      last?.counts ? el('p.quiet', {}, Object.entries(last.counts).map(([k, n]) => `${number(n)} ${k}`).join(' · ')) : null);
    if (focused) document.getElementById(focused)?.focus();
  }
}
