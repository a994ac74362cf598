import type { ChangeOrigin } from './operations.js';

/** Where an experiment stands. */
export interface ExperimentStand {
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
}

/** What operators do to the experiments of a running host. */
export interface ExperimentControl {
  /** Lets a held ramp go on, for all hosts. @throws HostError `experiment-unknown`, `experiment-not-held` */
  release(id: string, origin: ChangeOrigin): Promise<ExperimentStand>;
  /**
   * Points a label at the versions that an arm names, in this host's configuration, and ends the experiment on its ramp.
   * @throws HostError `experiment-unknown`, `experiment-not-promotable`, or the refusal of the change.
   */
  promote(request: PromoteRequest): Promise<ExperimentStand>;
}
