import type { HostConfig } from '../../domain/host-config.js';
import type { ModelActivator, PreparedModels } from '../../domain/operations/activation.js';
import type { ActiveSet } from '../../host/plugins/active-set.js';
import type { PluginHost, PreparedSet } from '../../host/plugins/plugin-host.js';
import type {
  FollowedArm,
  ReadyShadowArm,
  RefusedShadowArm,
  ShadowOpening,
} from '../shadow-messages.js';
import { type ShadowPlace, shadowConfig } from './shadow-config.js';
import type { ArmAssignment } from './shadow-session.js';

interface Preparation {
  readonly places: readonly ShadowPlace[];
  readonly plugins: PreparedSet;
  readonly models: PreparedModels;
}

export interface Readiness {
  readonly ready: readonly ReadyShadowArm[];
  readonly refused: readonly RefusedShadowArm[];
}

/** What sessions that open now get, and who is in it. */
export interface ShadowGeneration {
  readonly set: ActiveSet;
  armAssignments(arms: readonly FollowedArm[]): readonly ArmAssignment[];
}

const VOLUMES: readonly string[] = ['ct', 'structure-mask'];

/**
 * The shadow arms of the configurations that the host prepares and commits. They are started as a host starts arms, so that plugins and
 * models that stay the same go on, and what is left goes with the last session that holds it.
 */
export class ShadowSets {
  readonly #plugins: PluginHost;
  readonly #models: ModelActivator;
  readonly #waiting = new Map<number, Preparation>();
  #current: { readonly id: number; readonly preparation: Preparation } | undefined;

  constructor(plugins: PluginHost, models: ModelActivator) {
    this.#plugins = plugins;
    this.#models = models;
  }

  async prepare(id: number, config: HostConfig): Promise<Readiness> {
    const { config: shadowed, places } = shadowConfig(config);
    const models = await this.#models.prepare(shadowed.models);
    const plugins = await this.#plugins.prepare(shadowed, models.view);
    const preparation = { places, plugins, models };
    this.#waiting.set(id, preparation);
    return readinessOf(preparation);
  }

  commit(id: number): void {
    const preparation = this.#waiting.get(id);
    if (preparation === undefined) return;
    this.#waiting.delete(id);
    preparation.models.commit();
    preparation.plugins.commit();
    this.#current = { id, preparation };
  }

  async discard(id: number): Promise<void> {
    const preparation = this.#waiting.get(id);
    this.#waiting.delete(id);
    await preparation?.plugins.discard();
    await preparation?.models.discard();
  }

  /** Undefined when another configuration is in force by now. */
  generationFor({ preparation }: Pick<ShadowOpening, 'preparation'>): ShadowGeneration | undefined {
    if (this.#current?.id !== preparation) return undefined;
    const { places, plugins } = this.#current.preparation;
    const { set } = plugins;
    return {
      set,
      armAssignments: (arms) =>
        arms.flatMap((arm) => {
          const place = places.find(
            (place) => place.experiment === arm.experiment && place.arm === arm.arm,
          );
          const roles = rolesOf(set, arm);
          return place === undefined || roles === undefined
            ? []
            : [{ arm, roles, deadlines: place.deadlines }];
        }),
    };
  }
}

function rolesOf(set: ActiveSet, { experiment, arm }: Pick<FollowedArm, 'experiment' | 'arm'>) {
  return set.experiments
    .find((ready) => ready.experiment.id === experiment && ready.arms.has(arm))
    ?.arms.get(arm);
}

function readinessOf({ places, plugins }: Preparation): Readiness {
  const ready: ReadyShadowArm[] = [];
  const refused: RefusedShadowArm[] = [];
  for (const [index, { experiment, arm, path }] of places.entries()) {
    const refusal = plugins.refused.find((refused) => refused.path[1] === index);
    if (refusal !== undefined) {
      // Below `experiments[index].arms[0]`, which is `path` as people wrote it.
      const problem = String(refusal.error.params['problem']);
      const role = String(refusal.error.params['role']);
      refused.push({
        experiment,
        arm,
        path: [...path, ...refusal.path.slice(4)],
        problem: `role ${role}: ${problem}`,
      });
      continue;
    }
    const roles = (rolesOf(plugins.set, { experiment, arm }) ?? []).map(({ role, loaded }) => ({
      role,
      wants: loaded?.wants ?? [],
    }));
    const volume = roles.flatMap(({ wants }) => wants).find(({ kind }) => VOLUMES.includes(kind));
    if (volume === undefined) ready.push({ experiment, arm, roles });
    else {
      const problem = `a plugin of it wants ${volume.kind}, and volumes are not copied for shadow arms`;
      refused.push({ experiment, arm, path, problem });
    }
  }
  return { ready, refused };
}
