import { describeThrown, HostError } from '../domain/errors/host-error.js';
import type {
  Experiment,
  LabelChange,
  Promotion,
  PromotionStore,
  StoredExperiment,
} from '../domain/experiments/experiments.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { ChangeOrigin, ConfigControl } from '../domain/operations/operations.js';

/** A host that has begun to move a label and says nothing for so long was killed. */
const STALE_MS = 300_000;
/** Between attempts, doubled each time up to an hour, or until the configuration changes: somebody has to fix something first. */
const RETRY_MS = 60_000;
const MOST_MS = 3_600_000;

export interface PromotionOptions {
  readonly control: Pick<ConfigControl, 'change' | 'generations'>;
  /** Names the configuration file among those of all hosts that share the database. */
  readonly configuration: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** Of all experiments of a database those that run under a configuration: what others try is no business of this host. */
export function runningOf(
  { experiments }: Pick<HostConfig, 'experiments'>,
  stored: readonly StoredExperiment[],
): readonly StoredExperiment[] {
  const running = experiments.filter(({ state }) => state === 'running').map(({ id }) => id);
  return stored.filter(({ experiment }) => running.includes(experiment.id));
}

/** What a promotion of the arm moves. @throws HostError `experiment-not-promotable` */
export function labelChanges(
  { id: experiment, arms }: Experiment,
  arm: string,
  label: string,
): readonly LabelChange[] {
  const refuse = (problem: string) =>
    new HostError('experiment-not-promotable', { experiment, arm, problem });
  const found = arms.find((candidate) => candidate.id === arm);
  if (found === undefined) throw refuse(`the arms are ${arms.map(({ id }) => id).join(', ')}`);
  const changes = new Map<string, LabelChange>();
  for (const { model } of Object.values(found.roles)) {
    const [id = '', version = ''] = model?.split('@') ?? [];
    if (model === undefined) continue;
    if (!/^\d/.test(version)) throw refuse(`it names ${model}, which is no version`);
    const other = changes.get(id);
    if (other !== undefined && other.version !== version) {
      throw refuse(`it names two versions of ${id}`);
    }
    changes.set(id, { model: id, label, version });
  }
  if (changes.size === 0) throw refuse('it names no version of a model, so no label can be moved');
  return [...changes.values()];
}

/**
 * Moves the labels of promoted arms in the configuration of this host: the way an operator does, with an entry in the audit log, once for
 * each configuration file, whichever hosts share it. A move that is refused leaves everything as it was and is tried again later.
 */
export class Promotions {
  readonly #options: PromotionOptions;
  /** By experiment the generation whose move was refused: what was in the way may be gone in a later one, an edit above all. */
  readonly #refusedAt = new Map<string, number>();

  constructor(options: PromotionOptions) {
    this.#options = options;
  }

  /** @throws when the store fails. */
  async run(store: PromotionStore, stored: readonly StoredExperiment[]): Promise<void> {
    for (const { experiment, ramp } of stored) {
      const { promotedArm: arm, state, reason } = ramp;
      if (state !== 'promoted' || arm === undefined || experiment.promote === undefined) continue;
      const claimed = await this.#claim(store, experiment.id);
      if (claimed === undefined) continue;
      const origin: ChangeOrigin = {
        who: `experiment ${experiment.id}`,
        via: 'experiment',
        why: `arm ${arm} was promoted: ${reason}`,
      };
      const { label } = experiment.promote;
      const problem = await this.changeLabels(experiment, arm, label, origin).then(
        () => '',
        (thrown: unknown) => {
          this.#refusedAt.set(experiment.id, this.#generation);
          return describeThrown(thrown);
        },
      );
      await this.#end(store, claimed, problem);
    }
  }

  /**
   * One change for each label. What the audit log has from the same author is not made again.
   * @throws HostError of the change that was refused; those before it stand.
   */
  async changeLabels(
    experiment: Experiment,
    arm: string,
    label: string,
    origin: ChangeOrigin,
    isDryRun = false,
  ): Promise<readonly LabelChange[]> {
    const { control } = this.#options;
    const changes = labelChanges(experiment, arm, label);
    for (const changeLabels of changes) {
      const { model, version } = changeLabels;
      const what = `label ${model} ${label} ${version}`;
      const isMade = control
        .generations()
        .some(
          (generation) =>
            generation.via === 'experiment' &&
            generation.who === origin.who &&
            generation.what === what,
        );
      if (origin.via === 'experiment' && isMade) continue;
      const change = { kind: 'label', ...changeLabels } as const;
      await control.change({ change, origin, isDryRun, expectedGeneration: undefined });
    }
    return changes;
  }

  /** An operator has done it: nothing is left to do by itself. @throws when the store fails. */
  async done(store: PromotionStore, experiment: string): Promise<void> {
    const { configuration } = this.#options;
    const before = await store.find(experiment, configuration);
    await store.replace(before, this.#next(experiment, before, 'moved', ''));
  }

  /** Undefined when there is nothing to do now, or another host does it. */
  async #claim(store: PromotionStore, experiment: string): Promise<Promotion | undefined> {
    const { configuration, wallMs } = this.#options;
    const before = await store.find(experiment, configuration);
    if (before !== undefined) {
      const { state, attempts, atMs } = before;
      const retryMs = Math.min(RETRY_MS * 2 ** (attempts - 1), MOST_MS);
      const refusedAt = this.#refusedAt.get(experiment) ?? this.#generation;
      const failedMs = refusedAt === this.#generation ? retryMs : 0;
      const waitMs = state === 'failed' ? failedMs : STALE_MS;
      if (state === 'moved' || wallMs() - atMs < waitMs) return undefined;
    }
    const next = this.#next(experiment, before, 'moving', '');
    return (await store.replace(before, next)) ? next : undefined;
  }

  get #generation(): number {
    return this.#options.control.generations()[0]?.generation ?? 0;
  }

  #next(
    experiment: string,
    before: Promotion | undefined,
    state: Promotion['state'],
    problem: string,
  ): Promotion {
    const { configuration, wallMs } = this.#options;
    const attempts = (before?.attempts ?? 0) + (state === 'moving' ? 1 : 0);
    return { experiment, configuration, state, attempts, problem, atMs: wallMs() };
  }

  async #end(store: PromotionStore, claimed: Promotion, problem: string): Promise<void> {
    const { log } = this.#options;
    const { experiment, attempts } = claimed;
    if (problem === '') log.warn('promoted: labels have moved', { experiment });
    else {
      log.error('promoted, but labels could not be moved; it is tried again', {
        experiment,
        attempts,
        reason: problem,
      });
    }
    const state = problem === '' ? 'moved' : 'failed';
    await store.replace(claimed, this.#next(experiment, claimed, state, problem));
  }
}
