import type { PromotionReport } from '../../domain/experiments/experiment-control.js';

/** What a promotion did, or would do, for people: never without the decision that it overrides. */
export function promotionText(
  experiment: string,
  arm: string,
  report: PromotionReport,
  wasDryRun: boolean,
): string {
  const { state, reason, decision, isOverridden, isApplied, moves } = report;
  const decided = `the analysis decides \`${decision.kind}\` for ${arm}: ${decision.reason}`;
  if (isApplied) {
    const done = [`${experiment}: ${state}, ${reason}`];
    if (wasDryRun) done.push(`${arm} IS promoted: this host is older than dry runs of promotions`);
    if (isOverridden) done.push(`overridden: ${decided}`);
    return done.join('\n');
  }
  const labels = moves.map(
    ({ model, label, version }) => `  ${model}@${label} would be ${version}`,
  );
  const mayPromote = decision.kind === 'promote' || isOverridden;
  const outcome = mayPromote
    ? `${arm} would be promoted${isOverridden ? ' against the decision' : ''}`
    : 'the promotion would be refused without --override';
  return [
    `${experiment}: a dry run, nothing has changed; it is ${state}`,
    ...labels,
    decided,
    outcome,
  ].join('\n');
}
