import type { ModelIdentity } from '../../plugin-sdk/index.js';
import { type Binding, OUTCOMES, servedName } from '../advice/advice.js';
import type { Log } from '../log.js';
import type { ConnectRemote } from '../open-inference/remote.js';
import type {
  ControlMetrics,
  ExperimentMetrics,
  HostMetrics,
  JournalMetrics,
  RampFigures,
  RecordingMetrics,
  RoleMeter,
  RoleMetrics,
  StreamMetrics,
} from '../operations/metrics.js';
import type { ModelMeter, ModelMetrics, Placement } from '../operations/models.js';
import type { OutcomeCount } from '../session/advisor.js';

/** Reaches no server. */
export const nobodyThere: ConnectRemote = () => {
  throw new Error('nobody is there');
};

/** Drops every line but remembers what was said, without its text being part of any contract. */
export class FakeLog implements Log {
  readonly lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[];
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(lines: FakeLog['lines'] = [], fields: Readonly<Record<string, unknown>> = {}) {
    this.lines = lines;
    this.#fields = fields;
  }

  child(fields: Readonly<Record<string, unknown>>): Log {
    return new FakeLog(this.lines, { ...this.#fields, ...fields });
  }

  debug = this.#writer('debug');
  info = this.#writer('info');
  warn = this.#writer('warn');
  error = this.#writer('error');

  #writer(level: string) {
    return (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      this.lines.push({ level, message, fields: { ...this.#fields, ...fields } });
    };
  }
}

type Topics = RoleMetrics &
  ControlMetrics &
  StreamMetrics &
  RecordingMetrics &
  ExperimentMetrics &
  JournalMetrics &
  ModelMetrics;

/** Counts by name and labels, such as `answered early-stopping applied`, whatever the topic. */
export class CountingMetrics implements Topics, HostMetrics {
  readonly roles = this;
  readonly control = this;
  readonly streams = this;
  readonly recordings = this;
  readonly experiments = this;
  readonly journals = this;
  readonly models = this;
  readonly counts = new Map<string, number>();
  sessionCount = 0;
  waitingOutcomes = 0;
  isStoreUsable: boolean | undefined;
  rampFigures: readonly RampFigures[] = [];

  role({ role }: Binding): RoleMeter {
    return {
      answered: (outcome, reason) =>
        this.#count(`answered ${role} ${outcome}${reason === '' ? '' : ` ${reason}`}`),
      verdict: (verdict) => this.#count(`verdict ${role} ${verdict}`),
    };
  }

  outcomes({ role }: Pick<Binding, 'role'>): readonly OutcomeCount[] {
    return OUTCOMES.map((outcome) => {
      const answers = [...this.counts].filter(([key]) =>
        `${key} `.startsWith(`answered ${role} ${outcome} `),
      );
      return { role, outcome, count: answers.reduce((sum, [, count]) => sum + count, 0) };
    }).filter(({ count }) => count > 0);
  }

  journalEntries(result: string, entries: number): void {
    this.#count(`journal ${result}`, entries);
  }

  journalWriteFailed(): void {
    this.#count('journal write failed');
  }

  model({ id, version }: ModelIdentity, placement: Placement): ModelMeter {
    const name = `${id}/${version} ${placement}`;
    return {
      ran: (_runMs, questions) => this.#count(`ran ${name} ${questions}`),
      queued: () => undefined,
      waited: () => undefined,
      unanswered: (reason, questions) => this.#count(`unanswered ${name} ${reason}`, questions),
    };
  }

  modelReady({ id, version }: ModelIdentity): void {
    this.#count(`ready ${id}/${version}`);
  }

  watchModels(): void {}

  breaker(served: Pick<Binding, 'role' | 'solver'>, state: string): void {
    this.#count(`breaker ${servedName(served)} ${state}`);
  }

  generation(): void {
    this.#count('generation');
  }

  configReload(result: string): void {
    this.#count(`reload ${result}`);
  }

  adviceStopped(isStopped: boolean): void {
    this.#count(`stopped ${isStopped}`);
  }

  streamOpened(): void {
    this.#count('opened');
  }

  streamClosed(reason: string): void {
    this.#count(`closed ${reason}`);
  }

  sessions(count: number): void {
    this.sessionCount = count;
  }

  received(): void {
    this.#count('received');
  }

  sent(): void {
    this.#count('sent');
  }

  spurious(): void {
    this.#count('spurious');
  }

  recording(result: string): void {
    this.#count(`recording ${result}`);
  }

  enrolled(experiment: string, arm: string, reason: string): void {
    this.#count(`enrolled ${experiment} ${arm} ${reason}`);
  }

  outcome(experiment: string, arm: string, status: string): void {
    this.#count(`outcome ${experiment} ${arm} ${status}`);
  }

  experimentStoreFailed(what: string): void {
    this.#count(`experiment store ${what}`);
  }

  experimentStore(isUsable: boolean): void {
    this.isStoreUsable = isUsable;
  }

  outcomesWaiting(outcomes: number): void {
    this.waitingOutcomes = outcomes;
  }

  shadowed(experiment: string, arm: string, result: string): void {
    this.#count(`shadowed ${experiment} ${arm} ${result}`);
  }

  ramps(positions: readonly RampFigures[]): void {
    this.rampFigures = positions;
  }

  #count(key: string, times = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + times);
  }
}
