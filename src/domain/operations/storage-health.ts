/** Whether what a host keeps is being kept. `off`: nothing is to be kept. Plans go on in any state. */
export type StorageState = 'off' | 'ok' | 'failing';

/** What outlives a host's process. */
export interface StorageHealth {
  readonly experiments: StorageState;
  readonly recordings: StorageState;
  readonly journals: StorageState;
  /** Ends of plans that wait for the database of experiments. */
  readonly outcomesWaiting: number;
}
