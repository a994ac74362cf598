import type { PlanEvent } from './advisor.js';

/** What an event is called in the contract, for messages. */
export const EVENT_NAMES: Readonly<Record<PlanEvent['kind'], string>> = {
  volume: 'volume_chunk',
  geometry: 'geometry',
  'level-start': 'level_start',
  iteration: 'iteration',
  'level-end': 'level_end',
  finish: 'finish',
};
