import type { PlanStanding } from '../../../../src/http/live/standing.js';

/** The state of a plan in one word, with its reason below where there is room. */
export function Standing({
  standing: { kind, why },
  withReason = false,
}: {
  readonly standing: PlanStanding;
  readonly withReason?: boolean;
}) {
  return (
    <span class={`state ${kind}`} title={why}>
      <span class="dot" aria-hidden="true" />
      {kind}
      {withReason && why !== '' && <span class="why">{why}</span>}
    </span>
  );
}
