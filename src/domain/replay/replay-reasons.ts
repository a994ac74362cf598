/** Before a reason when the value before was repeated because of it. */
const HELD = 'held-last-';

/** Reasons that hang on how busy or well the machine was, or on other plans of the host. */
const OF_THE_MACHINE = [
  'late',
  'still-busy',
  'retry-later',
  'model-unavailable',
  'breaker-host',
] as const;

export type MachineReason = (typeof OF_THE_MACHINE)[number];

/** What made an answer that no replay can be expected to repeat; undefined for all others. */
export function machineReasonOf(reason: string): MachineReason | undefined {
  const cause = reason.startsWith(HELD) ? reason.slice(HELD.length) : reason;
  return OF_THE_MACHINE.find((known) => known === cause);
}
