// Wires the page: what is looked at is in the address, and everything shown follows from it.
import { ApiError, ask, askWhenReady, url } from './api.js';
import { openCall } from './call.js';
import { draw } from './chart.js';
import { $, count, el, number } from './dom.js';
import { CALL_FIELDS, drawChips, drawFacets, EVENT_FIELDS } from './facets.js';
import { List } from './list.js';
import { fromAddress, question, terms, toAddress, toggled } from './query.js';
import { Verify } from './verify.js';

const PAGE = 100;
const BUCKETS = 120;
const LIVE_MILLIS = 2000;
// More than this is for the command line; the server says so too.
const MOST_EVIDENCE = 50000;

let state = fromAddress();
let live = false;
let lost = false;
let behind = false;
let asking = new AbortController();
let opening = new AbortController();
let page = { rows: [], next: undefined };
let newerPages = [];
let buckets = [];
let seenRecords = -1;
let returnTo = null;

const verify = new Verify();
const list = new List($('rows'), row => open(row));

// ---- going somewhere

function go(change, { replace = false, newPage = true } = {}) {
  const moved = { ...state, ...change };
  if (newPage && !('cursor' in change)) {
    moved.cursor = '';
    newerPages = [];
  }
  state = moved;
  history[replace ? 'replaceState' : 'pushState'](null, '', toAddress(state));
  fields();
  load();
}

function fields() {
  if (document.activeElement !== $('q')) $('q').value = state.q;
  $('range').value = [...$('range').options].some(o => o.value === state.range) ? state.range : '';
  $('period').hidden = state.range !== 'custom';
  $('from').value = state.from.replace(/(\.\d+)?Z$/, '');
  $('until').value = state.until.replace(/(\.\d+)?Z$/, '');
  for (const tab of document.querySelectorAll('[data-view]')) tab.setAttribute('aria-pressed', String(tab.dataset.view === state.view));
  const events = state.view === 'events';
  $('head-who').textContent = events ? 'Event' : 'Who';
  $('head-what').textContent = events ? '' : 'Tool';
  $('head-why').textContent = events ? 'Facts' : 'Why';
  for (const link of $('export').children) link.href = url('export', { q: question(state), as: link.dataset.as });
  drawChips($('chips'), state.q, t => go({ q: terms(state.q).filter(o => o !== t).join(' ') }));
}

// ---- asking

async function load({ quiet = false } = {}) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const q = question(state);
  if (!quiet) document.body.classList.add('busy');
  try {
    page = await firstPage(q, signal);
    list.draw(page.rows);
    if (state.call || state.record) selectOpen();
    pager();
    $('empty').hidden = page.rows.length > 0;
    $('empty').textContent = page.damaged ? 'The log is damaged where this page lies. Another period or search may still be readable.'
      : state.q || state.range ? 'Nothing fits. Remove a term or choose a longer time.' : 'Nothing is recorded yet.';
    const [counted, spread, facets] = await Promise.all([
      ask('count', { q }, { signal }),
      ask('histogram', { q, buckets: BUCKETS }, { signal }),
      ask('facets', { q, fields: (state.view === 'events' ? EVENT_FIELDS : state.view === 'calls' ? CALL_FIELDS : [...CALL_FIELDS, 'event']).join(','), limit: 7 }, { signal }),
    ]);
    const noun = state.view === 'events' ? 'event' : state.view === 'calls' ? 'call' : 'call and event';
    $('count').textContent = state.view === 'all' ? `${number(counted.count)} calls and events` : count(counted.count, noun);
    $('export').querySelector('[data-as=evidence]').hidden = counted.count > MOST_EVIDENCE;
    buckets = spread.buckets;
    chart();
    drawFacets($('facets'), facets, state.q, t => go({ q: toggled(state.q, t) }));
    document.body.dataset.loaded = q;
  } catch (e) {
    if (e.name !== 'AbortError') failed(e);
  } finally {
    if (!signal.aborted) document.body.classList.remove('busy');
  }
}

/** A page of rows; none, with a word, where the log cannot be read: what can still be counted is shown all the same. */
async function firstPage(q, signal) {
  try {
    const found = await askWhenReady('calls', { q, cursor: state.cursor, limit: PAGE }, { signal });
    problem('');
    if (!found.damaged) return found;
    // Each stands where it would, so that nobody takes what is left for all there is.
    verify.start().catch(() => {});
    const damaged = found.damaged.map(one => ({ ...one, kind: 'damaged' }));
    return { ...found, damaged: false, rows: [...found.rows, ...damaged].sort((a, b) => b.index - a.index) };
  } catch (e) {
    if (!e.damaged) throw e;
    failed(e);
    return { rows: [], damaged: true };
  }
}

const chart = () => draw($('chart'), buckets, (from, until) => go({ range: 'custom', from, until }));

function pager() {
  $('older').disabled = !page.next;
  $('newer').disabled = $('newest').disabled = !state.cursor;
  $('place').textContent = page.damaged ? '' : `${number(page.records)} records in the log`;
}

function failed(e) {
  if (e instanceof ApiError && e.signIn) {
    signIn();
  } else if (e instanceof ApiError && e.status === 400) {
    problem(e.message);
    $('q').setAttribute('aria-invalid', 'true');
  } else {
    problem(e instanceof ApiError ? e.message : String(e));
    if (e.damaged) verify.start().catch(() => {});
  }
}

function problem(text) {
  $('q-problem').textContent = '';
  if (text) $('q-problem').append(el('span', {}, text));
  else $('q').removeAttribute('aria-invalid');
}

const isBehind = now => now.index.total - now.index.records > 1000;

async function status() {
  const now = await ask('status');
  verify.show(now);
  $('origin').replaceChildren(el('span', { title: 'The log\u2019s name' }, now.log.origin));
  $('sign-out').hidden = !now.asks;
  const { usable, records, total, error } = now.index;
  $('index-state').textContent = error ? '' : !usable ? 'The index is being built …' : isBehind(now) ? `Indexing: ${number(records)} of ${number(total)} records` : '';
  return now;
}

// ---- live

async function tick() {
  if (document.hidden || !$('sign-in').hidden) return;
  try {
    const now = await status();
    if (lost) {
      lost = false;
      await load();
    }
    // What was shown while the index was behind is shown again when it no longer is.
    const again = behind;
    behind = isBehind(now);
    if ((live || behind || again) && now.index.records !== seenRecords && !state.cursor) {
      seenRecords = now.index.records;
      await load({ quiet: true });
    }
  } catch (e) {
    if (e.signIn) signIn();
    else {
      lost = true;
      problem(e.message);
    }
  }
}

function setLive(on) {
  live = on;
  $('live').setAttribute('aria-pressed', String(on));
  if (on && state.cursor) go({ cursor: '' });
}

// ---- one call

function open(row) {
  returnTo = row.index;
  go({ call: row.call ?? '', record: row.call ? '' : String(row.index) }, { newPage: false });
  showDetail();
}

async function showDetail() {
  opening.abort();
  const detail = $('detail');
  if (!state.call && !state.record) {
    detail.hidden = true;
    $('columns').classList.remove('open');
    document.body.classList.remove('sheet-open');
    return;
  }
  opening = new AbortController();
  $('columns').classList.add('open');
  document.body.classList.add('sheet-open');
  detail.hidden = false;
  for (;;) {
    try {
      await openCall(detail, state, close, opening.signal);
      document.body.dataset.opened = state.call || state.record;
      detail.scrollTop = 0;
      return;
    } catch (e) {
      if (e.name === 'AbortError') return;
      if (e.signIn) return signIn();
      if (e.status !== 503) {
        detail.replaceChildren(el('div.sheet', {}, el('p.trust.bad', { role: 'alert' }, e.message), el('button', { onclick: close }, 'Close')));
        return;
      }
      await new Promise(done => setTimeout(done, 400));
    }
  }
}

function close() {
  if (!state.call && !state.record) return;
  go({ call: '', record: '' }, { newPage: false });
  showDetail();
  if (returnTo !== null) list.select(list.rows.findIndex(r => r.index === returnTo));
}

function selectOpen() {
  const row = list.rows.find(r => (state.call ? r.call === state.call : String(r.index) === state.record));
  if (row) list.selectRecord(row.index);
}

// ---- pages

function older() {
  if (!page.next) return;
  newerPages.push(state.cursor);
  go({ cursor: page.next });
}

function newer() {
  if (!state.cursor) return;
  go({ cursor: newerPages.pop() ?? '' });
}

// ---- signing in

function signIn() {
  $('main').hidden = true;
  document.querySelector('.tools').hidden = true;
  $('sign-in').hidden = false;
  $('token').focus();
}

$('sign-in').addEventListener('submit', async e => {
  e.preventDefault();
  $('sign-in-problem').textContent = '';
  try {
    await ask('sign-in', {}, { headers: { Authorization: 'Bearer ' + $('token').value.trim() } });
    $('token').value = '';
    await begin();
  } catch (problem) {
    $('sign-in-problem').textContent = problem.message;
    $('token').select();
  }
});

$('sign-out').addEventListener('click', async () => {
  await ask('sign-out');
  location.reload();
});

// ---- what a person does

let typed;
$('q').addEventListener('input', () => {
  clearTimeout(typed);
  typed = setTimeout(() => go({ q: $('q').value.trim() }, { replace: true }), 350);
});
$('q').addEventListener('keydown', e => {
  if (e.key === 'Enter') {
    clearTimeout(typed);
    go({ q: $('q').value.trim() });
  } else if (e.key === 'Escape' || e.key === 'ArrowDown') {
    e.preventDefault();
    e.stopPropagation();
    list.select(Math.max(0, list.at));
    if (list.at < 0) $('q').blur();
  }
});
$('range').addEventListener('change', () => go(state.range === 'custom' || $('range').value !== 'custom'
  ? { range: $('range').value, from: '', until: '' }
  : { range: 'custom', from: buckets[0]?.from ?? '', until: buckets.at(-1)?.until ?? '' }));
for (const id of ['from', 'until']) {
  $(id).addEventListener('change', () => go({ [id]: $(id).value && $(id).value + 'Z' }));
}
for (const tab of document.querySelectorAll('[data-view]')) tab.addEventListener('click', () => go({ view: tab.dataset.view }));
$('older').addEventListener('click', older);
$('newer').addEventListener('click', newer);
$('newest').addEventListener('click', () => go({ cursor: '' }));
$('live').addEventListener('click', () => setLive(!live));
$('proof-state').addEventListener('click', () => verify.open());
$('help-open').addEventListener('click', () => $('help').showModal());
for (const button of document.querySelectorAll('[data-close]')) button.addEventListener('click', () => button.closest('dialog').close());
for (const dialog of document.querySelectorAll('dialog')) {
  dialog.addEventListener('click', e => e.target === dialog && dialog.close());
}

const menu = document.querySelector('.menu');
document.addEventListener('click', e => {
  if (menu.open && (!menu.contains(e.target) || e.target.closest('a'))) menu.open = false;
});

const KEYS = {
  '/': () => $('q').select(),
  j: () => list.select(list.at + 1),
  k: () => list.select(Math.max(0, list.at - 1)),
  ArrowDown: () => list.select(list.at + 1),
  ArrowUp: () => list.select(Math.max(0, list.at - 1)),
  Enter: () => list.rows[list.at] && open(list.rows[list.at]),
  Escape: close,
  ']': older,
  '[': newer,
  g: () => go({ cursor: '' }),
  l: () => setLive(!live),
  v: () => verify.open(),
  p: () => print(),
  '?': () => $('help').showModal(),
};

document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || $('main').hidden || document.querySelector('dialog[open]')) return;
  const where = e.target.closest('input, select, textarea, button, a, summary');
  if (where && (where.matches('input, select, textarea') || e.key === 'Enter')) {
    if (e.key === 'Escape') {
      menu.open = false;
      where.blur();
    }
    return;
  }
  const does = KEYS[e.key];
  if (does) {
    e.preventDefault();
    does();
  }
});

addEventListener('popstate', () => {
  state = fromAddress();
  newerPages = [];
  fields();
  load();
  showDetail();
});

// Paper shows everything.
addEventListener('beforeprint', () => {
  for (const fold of document.querySelectorAll('.sheet details')) {
    fold.dataset.was = fold.open;
    fold.open = true;
  }
});
addEventListener('afterprint', () => {
  for (const fold of document.querySelectorAll('.sheet details')) fold.open = fold.dataset.was === 'true';
});

new ResizeObserver(() => buckets.length && chart()).observe($('chart'));

async function begin() {
  try {
    let now = await status();
    $('sign-in').hidden = true;
    document.querySelector('.tools').hidden = false;
    $('main').hidden = false;
    while (!now.index.usable && !now.index.error) {
      await new Promise(done => setTimeout(done, 300));
      now = await status();
    }
    seenRecords = now.index.records;
    behind = isBehind(now);
    if (!now.verification.last && !now.verification.running) verify.start().catch(() => {});
    else if (now.verification.running) verify.poll();
    fields();
    showDetail();
    await load();
  } catch (e) {
    if (e.signIn) signIn();
    else {
      $('banner').hidden = false;
      $('banner').textContent = e.message;
    }
  }
}

setInterval(tick, LIVE_MILLIS);
begin();
