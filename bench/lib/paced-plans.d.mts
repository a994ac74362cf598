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
  };
  readonly timesUs: readonly (readonly [string, readonly number[]])[];
  /** Sessions whose outcome the host has said to be kept. */
  readonly summedUp: readonly string[];
}

export class PacedPlans {
  constructor(load: PacedLoad);
  readonly open: Promise<unknown>;
  phase(name: string): void;
  end(): Promise<PacedAnswer>;
}
