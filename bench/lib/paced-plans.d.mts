export interface PacedLoad {
  readonly address: string;
  readonly plans: number;
  readonly periodMs: number;
  readonly iterations: number;
  readonly kind?: 'small' | 'large';
}

export interface PacedAnswer {
  readonly counts: {
    readonly plans: number;
    /** Plans that an experiment took. */
    readonly inArms: number;
    readonly answers: number;
    readonly streamErrors: number;
    /** Pieces of advice of another generation than the plan opened under. */
    readonly wrongGeneration: number;
  };
  /** How many generations plans opened under. */
  readonly generations: number;
  readonly timesUs: readonly (readonly [string, readonly number[]])[];
  /** Sessions whose outcome the host has said to be kept. */
  readonly summedUp: readonly string[];
}

export class PacedPlans {
  constructor(load: PacedLoad);
  readonly open: Promise<unknown>;
  phase(name: string): void;
  /** Advice has been stopped: what is asked from now on must not be advised. */
  stopped(): void;
  /** When each plan first heard of it, and how many were advised all the same. */
  heardOfStop(): Promise<{ readonly atMs: readonly number[]; readonly appliedAfterStop: number }>;
  end(): Promise<PacedAnswer>;
}
