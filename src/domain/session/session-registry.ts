/** An open session, for operators. */
export interface SessionState {
  readonly sessionId: string;
  readonly client: string;
  readonly generation: number;
  readonly level: number;
  readonly stage: number;
  readonly iteration: number;
  readonly objective: number;
  readonly ageMs: number;
}

export interface SessionRegistry {
  sessions(): readonly SessionState[];
  readonly isDraining: boolean;
  /** Refuses new plans and tells open ones. Resolves when the last session has ended or the time is up. */
  drain(withinMs: number): Promise<void>;
}
