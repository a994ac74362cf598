import { useEffect, useRef, useState } from 'preact/hooks';
import type { HostStatus } from '../../../src/http/api.js';
import { useHostMs } from '../live/hooks.js';
import type { LiveState } from '../live/live-store.js';
import {
  choosePlans,
  EVERYTHING,
  type PlanChoice,
  type SortKey,
} from '../parts/plan/choose-plans.js';
import { PlanCards } from '../parts/plan/plan-cards.js';
import { PlanList } from '../parts/plan/plan-list.js';
import { PlanOverview } from '../parts/plan/plan-overview.js';
import { countKinds, KINDS } from '../parts/plan/plan-words.js';

const VIEWS = ['list', 'overview', 'cards'] as const;
type View = (typeof VIEWS)[number];
const VIEW_KEY = 'dh-advisor-view';
/** More open plans than a list shows on a screen. */
const MANY = 16;
const SORTS: readonly SortKey[] = [
  'attention',
  'opened',
  'name',
  'state',
  'objective',
  'to go',
  'elapsed',
];

/** How far the page is behind the host, in the page's attributes: for the benchmark, not for people. */
function useLag({ sentAtMs, plans }: LiveState) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const newest = plans.reduce((latest, { summary }) => Math.max(latest, summary.updatedAtMs), 0);
    const data = section.current?.dataset;
    if (data === undefined) return;
    data['sentAtMs'] = String(sentAtMs);
    data['newestMs'] = String(newest);
    data['shownAtMs'] = String(Date.now());
  });
  return section;
}

/** Arrows, `j` and `k` go from plan to plan, `/` to the search. */
function useKeys(search: { readonly current: HTMLInputElement | null }) {
  useEffect(() => {
    const follow = (event: KeyboardEvent) => {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isTyping = target instanceof HTMLElement && target.matches('input, select, textarea');
      if (isTyping || document.querySelector('dialog[open]') !== null) return;
      if (key === '/') {
        event.preventDefault();
        search.current?.focus();
        return;
      }
      const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[key];
      if (step === undefined) return;
      const links = [...document.querySelectorAll<HTMLElement>('.plan-link')];
      const at = links.indexOf(document.activeElement as HTMLElement);
      const next = links[at < 0 ? 0 : at + step];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  }, []);
}

/** Nobody calls yet: how one would. */
function Empty({ status }: { readonly status: HostStatus }) {
  const isAllOff = status.roles.every(({ plugin }) => plugin === '');
  return (
    <div class="empty">
      <p>No plan is open. One appears as soon as an optimizer calls this host at</p>
      <p>
        <code>{status.address}</code>
      </p>
      <p class="quiet">
        To try it: <code>rtmodel optimize CASE --advisor={status.address}</code>
      </p>
      {isAllOff && (
        <p class="warning">
          All roles are off, so that no plan would be advised. <a href="#/roles">Roles</a>
        </p>
      )}
    </div>
  );
}

/** Every open plan, and those that ended last. */
export function PlansPage({
  live,
  status,
}: {
  readonly live: LiveState;
  readonly status: HostStatus;
}) {
  const section = useLag(live);
  const hostMs = useHostMs(live);
  const search = useRef<HTMLInputElement>(null);
  useKeys(search);
  const [choice, choose] = useState<PlanChoice>(EVERYTHING);
  const [chosenView, setView] = useState(localStorage.getItem(VIEW_KEY) as View | null);
  const counts = countKinds(live.plans);
  const open = live.plans.length - counts.ended;
  const view = chosenView ?? (open > MANY ? 'overview' : 'list');
  const shown = choosePlans(live.plans, choice, hostMs);
  return (
    <section ref={section} class="plans" aria-labelledby="plans-title">
      <div class="toolbar">
        <h1 id="plans-title">
          Plans <span class="quiet">{open} open</span>
        </h1>
        <input
          ref={search}
          type="search"
          placeholder="Search  ( / )"
          aria-label="Search plans"
          value={choice.search}
          onInput={(event) => choose({ ...choice, search: event.currentTarget.value })}
        />
        <select
          aria-label="State"
          value={choice.kind}
          onChange={(event) =>
            choose({ ...choice, kind: event.currentTarget.value as PlanChoice['kind'] })
          }
        >
          <option value="all">every state</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {kind} {counts[kind]}
            </option>
          ))}
        </select>
        <select
          aria-label="Order"
          value={choice.sort}
          onChange={(event) =>
            choose({ ...choice, sort: event.currentTarget.value as SortKey, isReversed: false })
          }
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              by {sort}
            </option>
          ))}
        </select>
        <fieldset class="views">
          <legend class="hidden">View</legend>
          {VIEWS.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={view === name}
              onClick={() => {
                localStorage.setItem(VIEW_KEY, name);
                setView(name);
              }}
            >
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      {open === 0 && <Empty status={status} />}
      {live.plans.length > 0 && shown.length === 0 && (
        <p class="quiet">
          No plan matches.{' '}
          <button type="button" class="plain" onClick={() => choose(EVERYTHING)}>
            Show all
          </button>
        </p>
      )}
      {shown.length > 0 && view === 'list' && (
        <PlanList plans={shown} hostMs={hostMs} choice={choice} choose={choose} />
      )}
      {shown.length > 0 && view === 'overview' && <PlanOverview plans={shown} hostMs={hostMs} />}
      {shown.length > 0 && view === 'cards' && <PlanCards plans={shown} />}
    </section>
  );
}
