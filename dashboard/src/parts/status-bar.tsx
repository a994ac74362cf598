import type { HostStatus, RoleHealth } from '../../../src/http/api.js';
import { useHostMs } from '../live/hooks.js';
import type { LiveState } from '../live/live-store.js';
import { timeOfDay } from './figures.js';
import { countKinds, silentMs } from './plan/plan-words.js';

/** `noted`: well in itself; what stands beside it wants to be looked at. */
type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'noted';

interface Sign {
  readonly tone: Tone;
  readonly text: string;
  /** A second sentence, where there is room, and for whoever points at it. */
  readonly more?: string;
}

function connectionSign({ connection, restarts, lostAtMs }: LiveState): Sign {
  switch (connection) {
    case 'connecting':
      return { tone: 'warn', text: 'Connecting…' };
    case 'lost':
      return {
        tone: 'bad',
        text: `Host gone since ${timeOfDay(lostAtMs)}`,
        more: 'Figures are as they were then; trying again…',
      };
    case 'denied':
      return {
        tone: 'warn',
        text: 'Not signed in',
        more: 'The host is there, and asks who looks before it shows anything.',
      };
    case 'live':
      return restarts === 0
        ? { tone: 'good', text: 'Live' }
        : { tone: 'good', text: 'Live', more: 'The host was restarted; this is its new state.' };
  }
}

function adviceSign({ stop, roles }: HostStatus): Sign {
  if (stop !== null) return { tone: 'bad', text: 'Stopped', more: 'for all plans' };
  const served = roles.filter(({ solver }) => solver === null);
  const on = served.filter(({ plugin }) => plugin !== '').length;
  if (on === served.length) return { tone: 'good', text: 'On' };
  const more = `${on} of ${served.length} roles on`;
  return on === 0
    ? { tone: 'warn', text: 'Off', more }
    : { tone: 'quiet', text: 'Partly off', more };
}

function plansSign(live: LiveState, hostMs: number): Sign {
  const { advised, unadvised, shadow, stopped, resuming } = countKinds(live.plans);
  const without = unadvised + stopped;
  const silent = live.plans.filter(({ summary }) => silentMs(summary, hostMs) > 0).length;
  const isQuiet = without + resuming + silent === 0;
  const others = [
    [silent, 'silent'],
    [without, 'without'],
    [shadow, 'shadow'],
    [resuming, 'resuming'],
  ] as const;
  const more = others.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : []));
  return {
    tone: isQuiet ? 'quiet' : 'noted',
    text: `${advised} advised`,
    more: more.join(', '),
  };
}

const NOT_WELL: readonly RoleHealth['health'][] = ['failing', 'late', 'stopped'];

function rolesSign({ roles }: HostStatus): Sign {
  // One that is served for each solver apart is one role.
  const named = (health: RoleHealth['health']) =>
    new Set(roles.filter((role) => role.health === health).map(({ role }) => role));
  const count = (health: RoleHealth['health']) => named(health).size;
  const bad = NOT_WELL.flatMap((health) =>
    count(health) > 0 ? [`${count(health)} ${health}`] : [],
  );
  const unwell = new Set(NOT_WELL.flatMap((health) => [...named(health)]));
  const ok = `${[...named('ok')].filter((role) => !unwell.has(role)).length} ok`;
  if (bad.length === 0) return { tone: count('ok') > 0 ? 'good' : 'quiet', text: ok };
  return {
    tone: count('failing') + count('stopped') > 0 ? 'bad' : 'warn',
    text: bad.join(', '),
    more: ok,
  };
}

function Part({ name, sign, href }: { name: string; sign: Sign; href: string }) {
  const { tone, text, more = '' } = sign;
  return (
    <a class={`sign ${tone}`} href={href} title={more}>
      <span class="name">{name}</span>
      <span class="value">
        <span class="dot" aria-hidden="true" />
        {text}
      </span>
      {more !== '' && <span class="more">{more}</span>}
    </a>
  );
}

/** Whether all is well, on every page and always in view: connection, advice, plans, roles. */
export function StatusBar({ live }: { readonly live: LiveState }) {
  const { status } = live;
  const connection = connectionSign(live);
  const hostMs = useHostMs(live);
  return (
    <section class={`status-bar ${live.connection}`} aria-label="Status">
      <div class={`sign ${connection.tone}`} role="status">
        <span class="name">Host</span>
        <span class="value">
          <span class="dot" aria-hidden="true" />
          {connection.text}
        </span>
        {connection.more !== undefined && <span class="more">{connection.more}</span>}
      </div>
      {status !== undefined && (
        <>
          <Part name="Advice" sign={adviceSign(status)} href="#/roles" />
          <Part name="Plans" sign={plansSign(live, hostMs)} href="#/plans" />
          <Part name="Roles" sign={rolesSign(status)} href="#/roles" />
          <div class="sign quiet generation">
            <span class="name">Generation</span>
            <span class="value">{status.generation}</span>
            {status.state === 'draining' && <span class="more">draining</span>}
          </div>
        </>
      )}
    </section>
  );
}
