import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Arm, AssignmentProposal, Experiment } from './experiments.js';

/**
 * A number in (0, 1) that depends on its parts only: 52 bits of SHA-256, so that positions of one unit in several experiments,
 * and its scores for several arms, have nothing to do with one another. Parts can't run into each other.
 */
export function position(...parts: readonly string[]): number {
  const digest = sha256(utf8ToBytes(JSON.stringify(parts)));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return (view.getUint32(0) * 2 ** 20 + (view.getUint32(4) >>> 12) + 0.5) / 2 ** 52;
}

/**
 * Weighted rendezvous hashing: each arm draws an exponential waiting time at the rate of its weight from the hash of salt, unit
 * and arm; the first one has the unit. An arm has its share of the units, and a change of one arm's weight (0 = gone) moves
 * units to or from that arm only, which is the least that can move. Contiguous ranges would also move units between other arms.
 *
 * @param arms Of weight at least 1, with ids of their own.
 */
export function chooseArm(
  salt: string,
  arms: readonly Pick<Arm, 'id' | 'weight'>[],
  unit: string,
): string {
  let chosen = '';
  let earliest = Number.POSITIVE_INFINITY;
  for (const { id, weight } of arms) {
    const wait = -Math.log(position(salt, 'arm', id, unit)) / weight;
    if (wait < earliest) {
      earliest = wait;
      chosen = id;
    }
  }
  return chosen;
}

/** Share of each arm: its weight over their sum. */
export function sharesOf(
  arms: readonly Pick<Arm, 'id' | 'weight'>[],
): Readonly<Record<string, number>> {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  return Object.fromEntries(arms.map(({ id, weight }) => [id, weight / total]));
}

export interface AssignmentConditions {
  /** Percent of the experiment's units that the ramp lets in, 0 to 100. */
  readonly rampPercent: number;
  /** Arms that get no new units. */
  readonly stoppedArms: readonly string[];
  /** For tests; the caller has checked that an operator asks. Such units are left out of every analysis. */
  readonly forcedArm: string | undefined;
  readonly atMs: number;
}

/**
 * What an experiment says of a unit it has not seen. The same unit gets the same answer on every host. The ramp lets in all arms
 * alike and takes units by their own position, so that a wider ramp keeps those it has and shares don't change over time.
 *
 * @param unit Pseudonymous key of the plan or patient; empty when the client sent none.
 */
export function proposeAssignment(
  experiment: Experiment,
  unit: string,
  { rampPercent, stoppedArms, forcedArm, atMs }: AssignmentConditions,
): AssignmentProposal {
  const open = experiment.arms.filter(({ id }) => !stoppedArms.includes(id));
  const shares = sharesOf(open);
  const answer = (
    arm: string | undefined,
    reason: AssignmentProposal['reason'],
  ): AssignmentProposal => ({ experiment: experiment.id, unit, arm, reason, shares, atMs });

  if (unit === '') return answer(undefined, 'no-unit-key');
  if (forcedArm !== undefined) return answer(forcedArm, 'forced');
  const { name, from, to } = experiment.layer;
  if (from > 0 || to < 1000) {
    const place = 1000 * position('layer', name, unit);
    if (place < from || place >= to) return answer(undefined, 'outside-layer');
  }
  const isRamped =
    rampPercent >= 100 || 100 * position(experiment.salt, 'ramp', unit) < rampPercent;
  if (open.length === 0 || !isRamped) return answer(undefined, 'outside-ramp');
  return answer(chooseArm(experiment.salt, open, unit), 'hashed');
}
