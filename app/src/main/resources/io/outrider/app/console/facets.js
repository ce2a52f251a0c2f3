// Who, what and why, most frequent first: a click narrows the selection, another widens it again.
import { el, number, plain, verdictClass, verdictName } from './dom.js';
import { term, terms } from './query.js';

export const CALL_FIELDS = ['verdict', 'user', 'tool', 'rule', 'outcome', 'upstream', 'redacted'];
export const EVENT_FIELDS = ['event', 'fact'];

const TITLES = {
  verdict: 'Verdict', user: 'Who', tool: 'Tool', rule: 'Rule', outcome: 'Outcome', upstream: 'Server', redacted: 'Redacted',
  event: 'Event', fact: 'Fact',
};

export function drawFacets(place, found, q, toggle) {
  const active = new Set(terms(q));
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.term : null;
  place.replaceChildren(...Object.entries(found).filter(([, values]) => values.length).map(([field, values]) => {
    const most = Math.max(...values.map(v => v.count));
    return el('section', {}, el('h3', {}, TITLES[field] ?? field), el('ul', {}, values.map(({ value, count }) => {
      const wanted = term(field, value);
      const button = el('button.facet', { 'aria-pressed': String(active.has(wanted)), title: `${value}: ${number(count)}`, onclick: () => toggle(wanted) },
        el('span.name', {}, field === 'verdict' ? verdictName(value) : value), el('span.n', {}, number(count)));
      button.dataset.term = wanted;
      const bar = el('meter', { min: 0, max: most, value: count, 'aria-hidden': 'true', class: field === 'verdict' ? verdictClass(value) : '' });
      return el('li', {}, button, bar);
    })));
  }));
  if (focused) [...place.querySelectorAll('button')].find(b => b.dataset.term === focused)?.focus();
}

export function drawChips(place, q, remove) {
  place.replaceChildren(...terms(q).map(t =>
    el('button.chip', { 'aria-label': `remove ${plain(t)}`, onclick: () => remove(t) }, t, el('span.x', { 'aria-hidden': 'true' }, '×'))));
}
