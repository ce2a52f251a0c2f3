// What is looked at, as the address of the page says it: every view has a link.
import { wild } from './dom.js';

const EMPTY = { q: '', view: 'calls', range: '', from: '', until: '', cursor: '', call: '', record: '' };

export function fromAddress() {
  const state = { ...EMPTY };
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (key in EMPTY) state[key] = key === 'q' ? wild(value) : value;
  }
  if (!['calls', 'events', 'all'].includes(state.view)) state.view = 'calls';
  return state;
}

export function toAddress(state) {
  const query = new URLSearchParams();
  for (const key of Object.keys(EMPTY)) {
    if (state[key] && state[key] !== EMPTY[key]) query.set(key, state[key]);
  }
  return location.pathname + (query.size ? '?' + query : '');
}

/** The terms of a search, as they stand. */
export const terms = q => q.match(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/g) ?? [];

const quoted = value => (/^[\w.@\/+-][\w.@\/:+-]*$/.test(value) ? value : '"' + value.replace(/["\\]/g, '\\$&') + '"');

export const term = (field, value) => field + ':' + quoted(wild(value));

export function toggled(q, wanted) {
  const all = terms(q);
  return (all.includes(wanted) ? all.filter(t => t !== wanted) : [...all, wanted]).join(' ');
}

/** The whole question: what was typed, narrowed by view and time. */
export function question(state) {
  const all = [state.q.trim()];
  if (state.view === 'calls') all.push('kind:call');
  if (state.view === 'events') all.push('kind:event');
  if (state.range === 'custom') {
    if (state.from) all.push('since:' + instant(state.from));
    if (state.until) all.push('until:' + instant(state.until));
  } else if (state.range) {
    all.push('since:' + state.range);
  }
  return all.filter(Boolean).join(' ');
}

/** The time of an input field, which is meant in UTC. */
const instant = text => {
  const time = new Date(text.endsWith('Z') ? text : text + 'Z');
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
};
