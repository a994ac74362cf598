import type { ChangeOrigin } from '../operations/operations.js';
import type { ArmAction } from './experiment-report.js';
import type { LabelChange } from './experiments.js';

/** Where an experiment stands. */
export interface ExperimentState {
  /** Of its ramp. */
  readonly state: string;
  readonly reason: string;
}

export interface PromoteRequest {
  readonly experiment: string;
  readonly arm: string;
  /** Undefined: as defined, or `stable`. */
  readonly label: string | undefined;
  readonly origin: ChangeOrigin;
  /** Promotes the arm although the analysis does not decide so; the decision becomes part of the reason that is kept. */
  readonly isOverride: boolean;
  /** Checked up to the point of being in force, and not made. */
  readonly isDryRun: boolean;
}

/** What the analysis decides for one arm. */
export type SingleArmAction = Pick<ArmAction, 'kind' | 'reason'>;

/** A promotion that was made, or with a dry run would be. */
export interface PromotionReport extends ExperimentState {
  readonly decision: SingleArmAction;
  /** Made, or with a dry run asked for, although the decision is not `promote`. */
  readonly isOverridden: boolean;
  /** False with a dry run. */
  readonly isApplied: boolean;
  readonly moves: readonly LabelChange[];
}

/** What operators do to the experiments of a running host. */
export interface ExperimentControl {
  /** Lets a held ramp go on, for all hosts. @throws HostError `experiment-unknown`, `experiment-not-held` */
  release(id: string, origin: ChangeOrigin): Promise<ExperimentState>;
  /**
   * Points a label at the versions that an arm names, in this host's configuration, and ends the experiment on its ramp.
   * @throws HostError `experiment-unknown`, `experiment-not-promotable`, `experiment-not-decided` when the analysis does not decide
   * to promote the arm (neither overridden nor a dry run), `experiment-store`, or the refusal of the change.
   */
  promote(request: PromoteRequest): Promise<PromotionReport>;
}
