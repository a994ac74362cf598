/** What `reloads` prints, of every tenth reload and the last. */
export interface ReloadSample {
  /** From 1. */
  readonly reload: number;
  readonly placement: string;
  /** After garbage has been collected. */
  readonly residentMb: number;
}
