import { HostError } from '../domain/errors/host-error.js';
import type {
  ExperimentControl,
  ExperimentState,
  PromoteRequest,
  PromotionReport,
  SingleArmAction,
} from '../domain/experiments/experiment-control.js';
import type { RampPosition, StoredExperiment } from '../domain/experiments/experiments.js';
import type { ExperimentStores } from '../domain/experiments/plan-experiments.js';
import type { ChangeOrigin } from '../domain/operations/operations.js';
import { actionFor, auditedOrigin, checkAction } from './promotion-guard.js';
import { labelChanges, type Promotions } from './promotions.js';
import { releaseRamp } from './ramp.js';

export interface OperationOptions {
  /** Undefined: there is no database that could be used. */
  readonly stores: () => Pick<ExperimentStores, 'experiments' | 'promotions'> | undefined;
  readonly promotions: Promotions;
  /** Analyses an experiment as of now, away from the thread that serves. Rejects with `experiment-store`. */
  readonly decide: (
    id: string,
  ) => Promise<readonly (SingleArmAction & { readonly arm: string | null | undefined })[]>;
  readonly wallMs: () => number;
  /** Ramps have moved. */
  readonly onRampChange: () => void;
}

/** @throws HostError `experiment-unknown` */
export async function findExperiment(
  { experiments }: Pick<ExperimentStores, 'experiments'>,
  id: string,
): Promise<StoredExperiment> {
  const stored = await experiments.get(id);
  if (stored !== undefined) return stored;
  const known = (await experiments.list()).map(({ experiment }) => experiment.id);
  throw new HostError('experiment-unknown', { experiment: id, known: known.join(', ') || 'none' });
}

/** Lets a held ramp go on. @throws HostError `experiment-unknown`, `experiment-not-held` */
export async function releaseExperiment(
  stores: Pick<ExperimentStores, 'experiments'>,
  id: string,
  { who, why }: Pick<ChangeOrigin, 'who' | 'why'>,
  atMs: number,
): Promise<ExperimentState> {
  const { experiment, ramp } = await findExperiment(stores, id);
  const released = releaseRamp(experiment, ramp, `released by ${who}: ${why}`, atMs);
  if (released === ramp || !(await stores.experiments.replaceRamp(id, ramp, released, atMs))) {
    throw new HostError('experiment-not-held', { experiment: id, state: ramp.state });
  }
  return { state: released.state, reason: released.reason };
}

/** What operators do to experiments of a running host. */
export class ExperimentOperations implements ExperimentControl {
  readonly #options: OperationOptions;

  constructor(options: OperationOptions) {
    this.#options = options;
  }

  async release(id: string, origin: ChangeOrigin): Promise<ExperimentState> {
    const stand = await releaseExperiment(this.#stores, id, origin, this.#options.wallMs());
    this.#options.onRampChange();
    return stand;
  }

  async promote(request: PromoteRequest): Promise<PromotionReport> {
    const { experiment: id, arm, isOverride, isDryRun } = request;
    const { promotions, decide, wallMs, onRampChange } = this.#options;
    const stores = this.#stores;
    const { experiment, ramp } = await findExperiment(stores, id);
    const refuse = (problem: string) =>
      new HostError('experiment-not-promotable', { experiment: id, arm, problem });
    if (arm === experiment.control) throw refuse('it is the control, which is what is served');
    if (ramp.state === 'rolled-back') throw refuse('the experiment was rolled back');
    const label = request.label ?? experiment.promote?.label ?? 'stable';
    const moves = labelChanges(experiment, arm, label);
    const decision = actionFor(arm, await decide(id), ramp);
    const isOverridden = isOverride && decision.kind !== 'promote';
    const origin = auditedOrigin(request.origin, isOverridden, decision);
    const words = moves.map(({ model, version }) => `${model}@${label} is ${version}`).join(', ');
    const found = { decision, isOverridden, moves };
    if (isDryRun) {
      await promotions.changeLabels(experiment, arm, label, origin, isDryRun);
      const { state } = ramp;
      return { ...found, state, reason: `would be promoted; ${words}`, isApplied: false };
    }
    checkAction(request, decision);
    // Labels first: a refused change must leave the experiment where it is.
    await promotions.changeLabels(experiment, arm, label, origin);
    await promotions.done(stores.promotions, id);
    const reason = `${arm} promoted by ${origin.who}: ${origin.why}; ${words}`;
    const atMs = wallMs();
    const next: RampPosition = {
      ...ramp,
      state: 'promoted',
      reason,
      sinceMs: atMs,
      promotedArm: arm,
      overriddenDecision: isOverridden ? decision.kind : undefined,
    };
    if (!(await stores.experiments.replaceRamp(id, ramp, next, atMs))) {
      throw refuse('its labels have moved, but the experiment went on meanwhile; ask again');
    }
    onRampChange();
    return { ...found, state: next.state, reason, isApplied: true };
  }

  get #stores() {
    const stores = this.#options.stores();
    if (stores !== undefined) return stores;
    throw new HostError('experiment-store', { problem: 'it is not open' });
  }
}
