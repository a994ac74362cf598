import type { PlanStanding } from '../../../../src/http/live/standing.js';
import { about } from '../figures.js';

/** The state of a plan in one word, with its reason below where there is room. */
export function Standing({
  standing: { kind, why },
  withReason = false,
  silentMs = 0,
}: {
  readonly standing: PlanStanding;
  readonly withReason?: boolean;
  /** How long its optimizer has said nothing; 0 where that is not worth a word. */
  readonly silentMs?: number;
}) {
  return (
    <span class={`state ${kind}`} title={why}>
      <span class="dot" aria-hidden="true" />
      {kind}
      {silentMs > 0 && <span class="silent"> · silent for {about(silentMs)}</span>}
      {withReason && why !== '' && <span class="why">{why}</span>}
    </span>
  );
}
