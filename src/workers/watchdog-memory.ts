/** What the serving thread and its watchdog share: three integers. */
export const BEAT = 0;
/** The plugin whose code runs now, by the number it was announced with. */
export const RUNNING = 1;
/** The plugin that was asked last. */
export const LAST = 2;
export const CELLS = 3;

export const NOBODY = -1;

export interface WatchdogData {
  readonly memory: SharedArrayBuffer;
  /** The serving thread may stand still this long. */
  readonly limitMs: number;
  /** Looks taken within the limit. */
  readonly ticks: number;
}
