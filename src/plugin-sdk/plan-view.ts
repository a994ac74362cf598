import type { Role } from './role.js';
import type { TensorKind } from './tensor.js';

/** Solvers that optimizers introduce their plans with. */
export const SOLVERS = ['dh', 'lbfgs', 'other'] as const;
export type Solver = (typeof SOLVERS)[number];

/** One point of a cumulative dose-volume histogram: `volumeFraction` of the structure gets at least `doseGy`. */
export interface DoseVolumePoint {
  readonly doseGy: number;
  /** In [0, 1]. */
  readonly volumeFraction: number;
}

/** A structure as planned. */
export interface Structure {
  /** The optimizer's name, unique in the plan, such as `PTV70`. */
  readonly name: string;
  /** TG-263 name; empty when there is none. */
  readonly tg263Name: string;
  readonly role: 'target' | 'organ-at-risk' | 'normal-tissue';
  readonly volumeCc: number;
  readonly voxelCount: number;
  /** Weight of the structure's divergence in the objective, at least 0. */
  readonly objectiveWeight: number;
  /** Wanted cumulative dose-volume curve, doses ascending, piecewise linear. */
  readonly prescription: readonly DoseVolumePoint[];
  /** Prescribed dose of a target; undefined for other structures. */
  readonly prescribedDoseGy: number | undefined;
  /** Bit of the structure in the mask volume. */
  readonly bit: number;
}

/** A treatment beam and its grid of beamlets at the finest level. Angles follow IEC 61217. */
export interface Beam {
  readonly gantryDeg: number;
  readonly couchDeg: number;
  /** Beamlets across (columns) and along (rows) the patient. */
  readonly columns: number;
  readonly rows: number;
  /** Beamlet size at the isocentre plane. */
  readonly columnWidthMm: number;
  readonly rowHeightMm: number;
}

/** A level of the pyramid as the optimizer would run it without advice. Level 0 is the finest. */
export interface Level {
  readonly level: number;
  /** Beamlets of the level, excluded ones included. */
  readonly beamletCount: number;
  readonly histogramSigmaGy: number;
  /** Bounds of the adaptive variance. */
  readonly varianceLowerGy2: number;
  readonly varianceUpperGy2: number;
  readonly iterationLimit: number;
  /** Relative change of the objective at which the level stops. */
  readonly tolerance: number;
}

/**
 * What advice may do to a plan, compared with the same plan made without: nothing, for it is made without as well; cost 0.5 % of the
 * reference objective in the median of plans and 2 % at worst; pass its gates, no more.
 */
export const QUALITIES = ['strict', 'balanced', 'fast'] as const;
export type Quality = (typeof QUALITIES)[number];

/** The quality of a plan; one whose client does not say is balanced. */
export function qualityOf({ quality }: Pick<PlanView, 'quality'>): Quality {
  return quality ?? 'balanced';
}

/** What the optimizer said when the plan opened. Never changes during a session. */
export interface PlanView {
  readonly solver: Solver;
  /** What the solver is called, such as `scipy trust-constr`; may be empty unless it is another one. For people. */
  readonly solverName?: string;
  /** What the user lets advice do; absent: see `qualityOf`. */
  readonly quality?: Quality;
  /** Other messages and advice name a structure by its index here. */
  readonly structures: readonly Structure[];
  readonly beams: readonly Beam[];
  /** Weight ceiling W and steepness s of w = W / (1 + exp(-s x)). */
  readonly weightCeiling: number;
  readonly weightSteepness: number;
  /** Finest first: `levels[k].level === k`. */
  readonly levels: readonly Level[];
  /** Roles whose advice the client can use. */
  readonly accepts: readonly Role[];
  /** Tensors the client can send. */
  readonly offers: readonly TensorKind[];
}
