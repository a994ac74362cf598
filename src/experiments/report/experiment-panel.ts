import type {
  ArmAction,
  EffectReport,
  ExperimentReport,
} from '../../domain/experiments/experiment-report.js';
import type { StoredExperiment } from '../../domain/experiments/experiments.js';
import { formatInterval } from './format.js';
import type { ExperimentEntry, ExperimentPanel, PanelAction, SequencePanel } from './panel.js';
import { reportNotes, reportTables } from './report-tables.js';
import { boundedPoints, guides } from './sequence-chart.js';

export function experimentEntry({
  experiment,
  ramp,
  updatedAtMs: changedAtMs,
}: StoredExperiment): ExperimentEntry {
  const { id, unit, control, arms, primary } = experiment;
  return {
    id,
    unit,
    control,
    changedAtMs,
    reason: ramp.reason,
    state: experiment.state === 'ended' ? 'ended' : ramp.state,
    arms: arms.map(({ id: arm, weight }) => ({ id: arm, weight })),
    primary: { name: primary.name, direction: primary.direction },
  };
}

function sequenceOf(effect: EffectReport): readonly SequencePanel[] {
  const points = boundedPoints(effect);
  if (points.length === 0) return [];
  const lines = guides(effect);
  const at = (kind: string) => lines.find((line) => line.kind === kind)?.y;
  const { kind, metric, arm } = effect;
  return [
    {
      title: `${kind}: ${metric.name}, ${arm}`,
      caption: formatInterval(effect),
      points,
      isRatio: metric.scale === 'ratio',
      none: at('none') ?? 0,
      margin: at('margin') ?? null,
    },
  ];
}

const actionOf = ({ kind, arm, reason }: ArmAction): PanelAction => ({
  kind,
  arm: arm ?? null,
  reason,
});

/** A report for the page: words and points, nothing that has to be worked out there. */
export function experimentPanel(
  report: ExperimentReport,
  stored: StoredExperiment,
): ExperimentPanel {
  const { atMs, decision, armDecisions, effects } = report;
  return {
    atMs,
    entry: experimentEntry(stored),
    decision: actionOf(decision),
    armDecisions: armDecisions.map(actionOf),
    tables: reportTables(report),
    sequences: effects.flatMap(sequenceOf),
    notes: reportNotes(report),
  };
}
